package org.xenarium.emulator.evtchn;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainPart;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.HypercallHandler;
import org.xenarium.emulator.hypercall.NotEmulatedException;
import org.xenarium.emulator.semantics.SecurityPolicy;

/** Hypercall 32, {@code event_channel_op}: finds the operation. */
public final class EventChannelOp implements HypercallHandler {
  /** Hypercall number. */
  public static final int HYPERCALL = 32;

  static final int BIND_INTERDOMAIN = 0;
  static final int CLOSE = 3;
  static final int SEND = 4;
  static final int STATUS = 5;
  static final int ALLOC_UNBOUND = 6;
  static final int UNMASK = 9;
  private static final int LAST = 13;

  /** The event channels of a new domain. */
  public static DomainPart create(Domain domain) {
    return new EventChannels(domain);
  }

  @Override
  public @Nullable Routine start(Vcpu vcpu) {
    int command = (int) vcpu.x(0);
    return switch (command) {
      case ALLOC_UNBOUND -> new AllocUnbound();
      case BIND_INTERDOMAIN -> new BindInterdomain();
      case SEND, CLOSE, UNMASK -> new PortCall(command);
      case STATUS -> new PortStatus();
      default -> {
        if (command > 0 && command <= LAST) {
          throw new NotEmulatedException("event_channel_op command " + command);
        }
        vcpu.decided(0, EventRule.EVT_01);
        vcpu.setX(0, EventRule.EVT_01.result());
        yield null;
      }
    };
  }

  /** May event channels connect the two domains? */
  static boolean mayConnect(Domain a, Domain b) {
    return a.world().semantics().policy() == SecurityPolicy.DUMMY || a == b || a.privileged() || b.privileged();
  }
}
