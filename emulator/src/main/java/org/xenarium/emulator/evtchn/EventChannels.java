package org.xenarium.emulator.evtchn;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainPart;
import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.state.SparseBytes;

/**
 * A domain's event channels: which ports are open, to whom, and which vCPU hears of their events ({@code xen/include/public/event_channel.h},
 * the "2-level" interface).
 */
public final class EventChannels implements DomainPart {
  /** What a port is; the codes are those of evtchn_status. */
  public enum State {
    CLOSED(0),
    /** Waits for a remote domain to bind. */
    UNBOUND(1),
    /** Connected to a port of the same or another domain. */
    INTERDOMAIN(2),
    /** A virtual interrupt. */
    VIRQ(4),
    /** From a vCPU of the domain to another one. */
    IPI(5);

    private static final State[] BY_CODE = {CLOSED, UNBOUND, INTERDOMAIN, CLOSED, VIRQ, IPI};

    private final int code;

    State(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /** Highest port of a domain that asks for no other limit; port 0 is never used. */
  private static final int MAX_PORT = 1023;

  /** Ports come into being in buckets of so many. */
  private static final int BUCKET = 64;

  // A port is one word: state in bits 7:0, vCPU that hears of it in 15:8, remote domain in 31:16, remote port or virtual interrupt in 63:32.
  private static final int PORT_SHIFT = 3;
  private static final int VCPU_SHIFT = 8;
  private static final long VCPU = 0xff00;
  private static final int REMOTE_SHIFT = 16;
  private static final int REMOTE_PORT_SHIFT = 32;

  private final Domain domain;
  private final SparseBytes ports;
  private final PendingBits bits;
  private int valid;

  EventChannels(Domain domain) {
    this(domain, new SparseBytes(), BUCKET);
  }

  private EventChannels(Domain domain, SparseBytes ports, int valid) {
    this.domain = domain;
    this.ports = ports;
    this.valid = valid;
    bits = new PendingBits(domain);
  }

  /** The event channels of a domain. */
  public static EventChannels of(Domain domain) {
    return domain.part(EventChannels.class);
  }

  @Override
  public DomainPart copy(Domain copied) {
    return new EventChannels(copied, ports.copy(), valid);
  }

  @Override
  public void digest(Digest digest) {
    digest.add(ports.digest()).add(valid);
  }

  @Override
  public void freeze() {
    ports.seal();
  }

  /** Ports that exist, open or not, are below this number. */
  boolean exists(int port) {
    return Integer.compareUnsigned(port, valid) < 0;
  }

  public State state(int port) {
    return exists(port) ? State.BY_CODE[(int) word(port) & 0xff] : State.CLOSED;
  }

  /** The domain at the other end of an open port, or the one that may bind to it. */
  public int remoteDomain(int port) {
    return (int) (word(port) >>> REMOTE_SHIFT) & 0xffff;
  }

  /** The port at the other end. */
  public int remotePort(int port) {
    return (int) (word(port) >>> REMOTE_PORT_SHIFT);
  }

  /** Which virtual interrupt a port of that state is. */
  public int virqOf(int port) {
    return remotePort(port);
  }

  /** The vCPU that hears of events at the port. */
  public int vcpu(int port) {
    return (int) (word(port) & VCPU) >>> VCPU_SHIFT;
  }

  /** The port which is that virtual interrupt of that vCPU, or -1. */
  int findVirq(int virq, int vcpu) {
    for (int port = 1; port < valid; port++) {
      if (state(port) == State.VIRQ && virqOf(port) == virq && vcpu(port) == vcpu) {
        return port;
      }
    }
    return -1;
  }

  /** The lowest port that is closed, or -1. */
  int findFree() {
    for (int port = 1; port <= MAX_PORT; port++) {
      if (state(port) == State.CLOSED) {
        return port;
      }
    }
    return -1;
  }

  /** A dying domain opens no more ports. */
  boolean isDying() {
    return domain.life() != Life.ALIVE;
  }

  /** Opens a port, or makes something else of an open one; which vCPU hears of it stays. */
  void open(int port, State state, int remoteDomain, int remotePort) {
    while (!exists(port)) {
      valid += BUCKET;
    }
    setWord(port, state.code | (word(port) & VCPU) | (long) remoteDomain << REMOTE_SHIFT | (long) remotePort << REMOTE_PORT_SHIFT);
  }

  /** Lets a vCPU hear of the events at an open port. */
  void setVcpu(int port, int vcpu) {
    setWord(port, (word(port) & ~VCPU) | (long) vcpu << VCPU_SHIFT);
  }

  /** Closes an open port; the other end waits for somebody to bind again. */
  void close(int port) {
    if (state(port) == State.INTERDOMAIN) {
      Domain remote = domain.world().domain(remoteDomain(port));
      if (remote != null) {
        of(remote).open(remotePort(port), State.UNBOUND, domain.id(), 0);
      }
    }
    setWord(port, 0);
    bits.setPending(port, false);
  }

  /** Closes all ports. */
  public void reset() {
    while (release()) {}
  }

  /** An event arrives at a port: sets its pending bit and, unless it is masked, tells the vCPU. Who polls the port hears of it in any case. */
  void raise(int port) {
    if (bits.setPending(port, true)) {
      if (!bits.isMasked(port)) {
        bits.tell(domain.vcpu(vcpu(port)), port);
      }
      for (int i = 0; i < domain.vcpuCount(); i++) {
        domain.vcpu(i).upcalls().pending(port);
      }
    }
  }

  @Override
  public void virq(int virq) {
    int port = findVirq(virq, 0);
    if (port >= 0) {
      raise(port);
    }
  }

  /** True when those bytes of a shared_info are one word of its pending bits: a port that is closed loses its bit there. */
  public static boolean isPendingWord(int offset, int length) {
    return PendingBits.isWord(offset, length);
  }

  /** True while an event waits at the port for the guest. */
  public boolean isPending(int port) {
    return bits.isPending(port);
  }

  /** Lets events of a port through; a closed one stays as it is. */
  void unmask(int port) {
    if (state(port) != State.CLOSED && bits.setMasked(port, false) && bits.isPending(port)) {
      bits.tell(domain.vcpu(vcpu(port)), port);
    }
  }

  private long word(int port) {
    return ports.getLong((long) port << PORT_SHIFT);
  }

  private void setWord(int port, long word) {
    ports.setLong((long) port << PORT_SHIFT, word);
  }

  /** Closes one port of the dying domain (spec §5.1, step 3). */
  @Override
  public boolean release() {
    for (int port = 1; port < valid; port++) {
      if (state(port) != State.CLOSED) {
        close(port);
        return true;
      }
    }
    return false;
  }
}
