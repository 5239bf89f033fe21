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

  public static final int BIND_INTERDOMAIN = 0;
  public static final int BIND_VIRQ = 1;
  public static final int CLOSE = 3;
  public static final int SEND = 4;
  public static final int STATUS = 5;
  public static final int ALLOC_UNBOUND = 6;
  public static final int BIND_IPI = 7;
  public static final int BIND_VCPU = 8;
  public static final int UNMASK = 9;
  public static final int RESET = 10;
  static final int EXPAND_ARRAY = 12;
  static final int SET_PRIORITY = 13;

  /** What Xen itself turns a preempted reset into. */
  static final int RESET_CONTINUATION = 14;

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
      case BIND_VIRQ -> new BindLocal(false);
      case BIND_IPI -> new BindLocal(true);
      case BIND_VCPU -> new BindVcpu();
      case RESET -> new ResetChannels(false);
      case RESET_CONTINUATION -> new ResetChannels(true);
      case EXPAND_ARRAY, SET_PRIORITY -> new FifoCall(command);
      default -> {
        if (command > 0 && command < RESET_CONTINUATION) {
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
