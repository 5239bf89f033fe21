package org.xenarium.emulator.evtchn;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainPart;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.state.SparseBytes;

/**
 * A domain's event channels: which ports are open and to whom, and the two levels of bits in its shared_info that tell the guest of pending
 * events ({@code xen/include/public/event_channel.h}, the "2-level" interface).
 */
public final class EventChannels implements DomainPart {
  /** What a port is; the codes are those of evtchn_status. */
  public enum State {
    CLOSED(0),
    /** Waits for a remote domain to bind. */
    UNBOUND(1),
    /** Connected to a port of the same or another domain. */
    INTERDOMAIN(2);

    private static final State[] BY_CODE = {CLOSED, UNBOUND, INTERDOMAIN};

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

  // A port is one word: state in bits 7:0, remote domain in 31:16, remote port in 63:32.
  private static final int PORT_SHIFT = 3;
  private static final int REMOTE_SHIFT = 16;
  private static final int REMOTE_PORT_SHIFT = 32;

  // struct shared_info on Arm: vcpu_info of vCPU 0 {upcall_pending u8@0, pending_sel u64@8} of 48 bytes, pending u64[64], mask u64[64].
  private static final int UPCALL_PENDING = 0;
  private static final int PENDING_SEL = 8;
  private static final int PENDING = 48;
  private static final int MASK = PENDING + 512;
  private static final int WORD_BITS = 64;

  private final Domain domain;
  private final SparseBytes ports;
  private int valid;

  EventChannels(Domain domain) {
    this(domain, new SparseBytes(), BUCKET);
  }

  private EventChannels(Domain domain, SparseBytes ports, int valid) {
    this.domain = domain;
    this.ports = ports;
    this.valid = valid;
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

  /** The lowest port that is closed, or -1. */
  int findFree() {
    for (int port = 1; port <= MAX_PORT; port++) {
      if (state(port) == State.CLOSED) {
        return port;
      }
    }
    return -1;
  }

  void open(int port, State state, int remoteDomain, int remotePort) {
    while (!exists(port)) {
      valid += BUCKET;
    }
    ports.setLong(
        (long) port << PORT_SHIFT, state.code | (long) remoteDomain << REMOTE_SHIFT | (long) remotePort << REMOTE_PORT_SHIFT);
  }

  /** Closes an open port; the other end waits for somebody to bind again. */
  void close(int port) {
    if (state(port) == State.INTERDOMAIN) {
      Domain remote = domain.world().domain(remoteDomain(port));
      if (remote != null) {
        of(remote).open(remotePort(port), State.UNBOUND, domain.id(), 0);
      }
    }
    ports.setLong((long) port << PORT_SHIFT, 0);
    setBit(PENDING, port, false);
  }

  /** An event arrives at a port: sets its pending bit and, unless it is masked, the bits that lead the guest to it. */
  void raise(int port) {
    if (!bit(PENDING, port)) {
      setBit(PENDING, port, true);
      if (!bit(MASK, port)) {
        notifyGuest(port);
      }
    }
  }

  /** Lets events of a port through; a closed one stays as it is. */
  void unmask(int port) {
    if (state(port) == State.CLOSED) {
      return;
    }
    boolean wasMasked = bit(MASK, port);
    setBit(MASK, port, false);
    if (wasMasked && bit(PENDING, port)) {
      notifyGuest(port);
    }
  }

  private void notifyGuest(int port) {
    long sel = sharedInfo() + PENDING_SEL;
    long word = content().getLong(sel);
    long bit = 1L << (port / WORD_BITS);
    if ((word & bit) == 0) {
      content().setLong(sel, word | bit);
      content().setByte(sharedInfo() + UPCALL_PENDING, 1);
    }
  }

  private boolean bit(int array, int port) {
    return (content().getLong(wordAddress(array, port)) >>> (port % WORD_BITS) & 1) != 0;
  }

  private void setBit(int array, int port, boolean value) {
    long at = wordAddress(array, port);
    long bit = 1L << (port % WORD_BITS);
    long word = content().getLong(at);
    long changed = value ? word | bit : word & ~bit;
    if (changed != word) {
      content().setLong(at, changed);
    }
  }

  private long wordAddress(int array, int port) {
    return sharedInfo() + array + (long) port / WORD_BITS * Long.BYTES;
  }

  private long sharedInfo() {
    return domain.world().memory().address(domain.sharedInfo());
  }

  private SparseBytes content() {
    return domain.world().memory().content();
  }

  private long word(int port) {
    return ports.getLong((long) port << PORT_SHIFT);
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
