package org.xenarium.emulator.evtchn;

import static org.assertj.core.api.Assertions.assertThat;

import org.xenarium.emulator.Calls;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.semantics.Semantics;

/** Typed writers of event_channel_op's argument structures; outputs are filled with 0x5a before the call. */
public abstract class EventCalls extends Calls {
  protected static final int SELF = DomId.SELF;
  protected static final int NOBODY = 77;
  protected static final int GUEST = 1;
  protected static final int OTHER = 2;

  protected static final int EPERM = -1;
  protected static final int ESRCH = -3;
  protected static final int EFAULT = -14;
  protected static final int EINVAL = -22;
  protected static final int ENOSPC = -28;
  protected static final int ENOSYS = -38;
  protected static final long UNTOUCHED = 0x5a5a5a5a5a5a5a5aL;

  /** As much as a domain can have without asking for more. */
  protected static final int LAST_PORT = 1023;

  private static final int PENDING_SEL = 8;
  private static final int PENDING = 48;
  private static final int MASK = PENDING + 512;

  protected EventCalls() {}

  protected EventCalls(Semantics semantics) {
    super(semantics);
  }

  private static void fill(Domain caller) {
    for (int at = 0; at < 24; at += 8) {
      store(caller, ARGUMENT + at, 8, UNTOUCHED);
    }
  }

  protected Answer eventOp(Domain caller, int command, long pointer) {
    return ask(caller, EventChannelOp.HYPERCALL, command, pointer);
  }

  protected Answer allocUnbound(Domain caller, int domid, int remote) {
    fill(caller);
    store(caller, ARGUMENT, 2, domid);
    store(caller, ARGUMENT + 2, 2, remote);
    return eventOp(caller, EventChannelOp.ALLOC_UNBOUND, ARGUMENT);
  }

  /** The port that the last alloc_unbound gave. */
  protected static int allocated(Domain caller) {
    return (int) load(caller, ARGUMENT + 4, 4);
  }

  protected Answer bind(Domain caller, int remote, int port) {
    fill(caller);
    store(caller, ARGUMENT, 2, remote);
    store(caller, ARGUMENT + 4, 4, port);
    return eventOp(caller, EventChannelOp.BIND_INTERDOMAIN, ARGUMENT);
  }

  /** The port that the last bind_interdomain gave. */
  protected static int bound(Domain caller) {
    return (int) load(caller, ARGUMENT + 8, 4);
  }

  protected Answer onPort(Domain caller, int command, int port) {
    fill(caller);
    store(caller, ARGUMENT, 4, port);
    return eventOp(caller, command, ARGUMENT);
  }

  protected Answer send(Domain caller, int port) {
    return onPort(caller, EventChannelOp.SEND, port);
  }

  protected Answer close(Domain caller, int port) {
    return onPort(caller, EventChannelOp.CLOSE, port);
  }

  protected Answer status(Domain caller, int domid, int port) {
    fill(caller);
    store(caller, ARGUMENT, 2, domid);
    store(caller, ARGUMENT + 4, 4, port);
    return eventOp(caller, EventChannelOp.STATUS, ARGUMENT);
  }

  /** Connects the guest with the control domain: port 1 on both sides. */
  protected void connect() {
    assertThat(allocUnbound(control, SELF, GUEST).result()).isZero();
    assertThat(bind(guest, 0, allocated(control)).result()).isZero();
  }

  protected void exhaust(Domain domain) {
    for (int port = 1; port <= LAST_PORT; port++) {
      EventChannels.of(domain).open(port, EventChannels.State.UNBOUND, 0, 0);
    }
  }

  private long shared(Domain domain, int offset) {
    return memory().address(domain.sharedInfo()) + offset;
  }

  protected boolean pending(Domain domain, int port) {
    return (memory().content().getLong(shared(domain, PENDING + port / 64 * 8)) >>> (port % 64) & 1) != 0;
  }

  protected void mask(Domain domain, int port) {
    long at = shared(domain, MASK + port / 64 * 8);
    memory().content().setLong(at, memory().content().getLong(at) | 1L << (port % 64));
  }

  protected boolean masked(Domain domain, int port) {
    return (memory().content().getLong(shared(domain, MASK + port / 64 * 8)) >>> (port % 64) & 1) != 0;
  }

  protected long selector(Domain domain) {
    return memory().content().getLong(shared(domain, PENDING_SEL));
  }

  protected boolean upcall(Domain domain) {
    return memory().content().getByte(shared(domain, 0)) != 0;
  }

  /** The guest has handled everything. */
  protected void quiet(Domain domain) {
    memory().content().fill(memory().address(domain.sharedInfo()), MachineMemory.PAGE_SIZE, 0);
  }
}
