package org.xenarium.emulator.domain;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.Rule;

/** A virtual CPU: hypercall registers, the guest code that it runs, and the hypercall that it is in. */
public final class Vcpu {
  /** No preemption is planned. */
  public static final long NEVER = -1;

  private final Domain domain;
  private final int id;
  private Upcalls upcalls;

  /** x0 to x4: command or arguments before a hypercall, x0 the result after it. */
  private final long[] x = new long[5];

  /** x16, the hypercall number. */
  private int number;

  /** The next instruction is the HVC: a call was issued and not yet taken up, or was preempted and is to go on. */
  private boolean atHypercall;

  private boolean stuck;
  private boolean halted;
  private boolean aborted;
  private long preemptAfter = NEVER;
  private long sleep;
  private int interruptMasks;
  private int thread;
  private @Nullable Routine guest;
  private @Nullable Routine call;

  Vcpu(Domain domain, int id) {
    this.domain = domain;
    this.id = id;
    upcalls = new Upcalls(this);
  }

  Vcpu copy(Domain copied) {
    Vcpu copy = new Vcpu(copied, id);
    System.arraycopy(x, 0, copy.x, 0, x.length);
    copy.upcalls = upcalls.copy(copy);
    copy.number = number;
    copy.atHypercall = atHypercall;
    copy.stuck = stuck;
    copy.halted = halted;
    copy.aborted = aborted;
    copy.preemptAfter = preemptAfter;
    copy.sleep = sleep;
    copy.interruptMasks = interruptMasks;
    copy.thread = thread;
    copy.guest = guest == null ? null : guest.copy();
    copy.call = call == null ? null : call.copy();
    return copy;
  }

  void digest(Digest digest) {
    for (long register : x) {
      digest.add(register);
    }
    digest.add(number).add(atHypercall).add(stuck).add(halted).add(aborted).add(preemptAfter).add(sleep);
    digest.add(interruptMasks).add(thread);
    digest(digest, guest);
    digest(digest, call);
    upcalls.digest(digest);
  }

  private static void digest(Digest digest, @Nullable Routine routine) {
    digest.add(routine != null);
    if (routine != null) {
      routine.digest(digest);
    }
  }

  public Domain domain() {
    return domain;
  }

  public World world() {
    return domain.world();
  }

  public int id() {
    return id;
  }

  /** The event-channel interrupt of this vCPU. */
  public Upcalls upcalls() {
    return upcalls;
  }

  /** Where the vCPU's vcpu_info lies in the machine's memory, or -1: on Arm shared_info has one for vCPU 0 only. */
  public long infoAddress() {
    return id == 0 ? world().memory().address(domain.sharedInfo()) : -1;
  }

  /** True while {@code evtchn_upcall_pending} is set: an event was told that the guest has not acknowledged. */
  boolean hasEvents() {
    long at = infoAddress();
    return at >= 0 && world().memory().content().getByte(at) != 0;
  }

  /** Saves the registers for {@link #setRegisters} and clears them. */
  Registers takeRegisters() {
    Registers saved = new Registers(x[0], x[1], x[2], x[3], x[4], number, atHypercall);
    setRegisters(Registers.ZERO);
    return saved;
  }

  void setRegisters(Registers saved) {
    issue(saved.number(), saved.x0(), saved.x1(), saved.x2(), saved.x3(), saved.x4());
    atHypercall = saved.atHypercall();
  }

  /** Argument or result register x0 to x4. */
  public long x(int register) {
    return x[register];
  }

  public void setX(int register, long value) {
    x[register] = value;
  }

  public int number() {
    return number;
  }

  /** Loads the registers for hypercall {@code number} and puts the program counter on the HVC. */
  public void issue(int number, long x0, long x1, long x2, long x3, long x4) {
    this.number = number;
    x[0] = x0;
    x[1] = x1;
    x[2] = x2;
    x[3] = x3;
    x[4] = x4;
    atHypercall = true;
  }

  public void issue(int number, long x0, long x1, long x2) {
    issue(number, x0, x1, x2, 0, 0);
  }

  /** Puts the program counter back on the HVC that is being executed, with these registers: the rest of a preempted hypercall (spec §2.5). */
  public void issueAgain(long x0, long x1, long x2) {
    issue(number, x0, x1, x2, x[3], x[4]);
  }

  public boolean atHypercall() {
    return atHypercall;
  }

  /** The HVC instruction is being executed. */
  public void takeHypercall() {
    atHypercall = false;
    world().trace().hypercall(domain.id(), id, number, x);
  }

  /** Registers, number and the HVC to be executed are gone: the vCPU is as before it issued the call, apart from x0, the result. */
  public void endHypercall() {
    if (world().isWatchedClosely()) {
      world().trace().returned(domain.id(), id, x[0]);
    }
    Arrays.fill(x, 1, x.length, 0);
    number = 0;
  }

  /** The hypercall in flight. */
  public @Nullable Routine call() {
    return call;
  }

  public void setCall(@Nullable Routine call) {
    this.call = call;
  }

  /** The guest code in flight. */
  public @Nullable Routine guest() {
    return guest;
  }

  public void setGuest(@Nullable Routine guest) {
    this.guest = guest;
  }

  /** The code that the vCPU executes outside of hypercalls: that of the upcall handler while it runs, else the guest code. */
  public @Nullable Routine code() {
    Routine handler = upcalls.running();
    return handler == null ? guest : handler;
  }

  /** Begins the upcall that is due. */
  public void takeUpcall() {
    upcalls.enter();
  }

  /** One step of {@link #code}. */
  public void stepCode() {
    Routine handler = upcalls.running();
    if (handler != null) {
      if (!handler.step(this)) {
        upcalls.leave();
      }
    } else if (guest != null && !guest.step(this)) {
      guest = null;
    }
  }

  /** True when the vCPU has something to do and its domain lets it: what is in the hypervisor goes on even if the domain may not run. */
  public boolean runnable() {
    return call != null || (domain.mayRun() && hasGuestWork());
  }

  /** True when the vCPU has something to do, now or when its domain is unpaused. */
  public boolean hasWork() {
    return call != null || (domain.run().isOn() && hasGuestWork());
  }

  private boolean hasGuestWork() {
    return !stuck && !halted && (atHypercall || guest != null || upcalls.hasWork());
  }

  /** True once an instruction that can never complete was met. */
  public boolean isStuck() {
    return stuck;
  }

  /** The instruction at hand can never complete; {@code address} is what it is about. */
  public void hang(long address) {
    stuck = true;
    world().trace().stuck(domain.id(), id, address);
  }

  /** The guest stops this vCPU for good, as on a panic. */
  public void halt() {
    halted = true;
  }

  public boolean isHalted() {
    return halted;
  }

  /** Reports the rule that decided element {@code element} of the call in flight. */
  public void decided(long element, Rule rule) {
    world().trace().decided(domain.id(), id, element, rule);
    world().stepWatcher().decided(this, element, rule);
  }

  /** Preempts a hypercall of this vCPU at the {@code points}-th preemption point from now, counted from 0 (spec §2.5). */
  public void preemptAfter(long points) {
    preemptAfter = points;
  }

  /** Asked by operations at their preemption points: is this the one? It is, too, when there is an interrupt to be taken. */
  public boolean preempts() {
    boolean planned = preemptAfter != NEVER && preemptAfter-- == 0;
    return planned || upcalls.isDue();
  }

  /** Keeps the vCPU from its next step for so many virtual nanoseconds. */
  public void sleep(long nanos) {
    sleep = nanos;
  }

  /** The sleep asked for by the last step; reading it ends the request. */
  public long takeSleep() {
    long nanos = sleep;
    sleep = 0;
    return nanos;
  }

  /** How many times the guest's running thread has masked interrupts without unmasking them; 0 when interrupts can come. */
  public int interruptMasks() {
    return interruptMasks;
  }

  public void setInterruptMasks(int depth) {
    interruptMasks = depth;
  }

  /** Number of the guest's thread that runs on this vCPU, as a kernel keeps it in a register for thread ids; 0 where there is one only. */
  public int thread() {
    return thread;
  }

  public void setThread(int number) {
    thread = number;
  }

  /** True when the last load or store was answered by an abort; reading it clears the mark. */
  public boolean takeAbort() {
    boolean was = aborted;
    aborted = false;
    return was;
  }

  /** Loads {@code size} bytes (1, 2, 4 or 8) at a guest-physical address; 0 after an abort, ones where {@link HoleAccess} says so. */
  public long load(long address, int size) {
    long value = reach(address, size, false) ? GuestAccess.load(this, address, size) : unreached(size);
    tellAccess(false, address, size, value);
    return value;
  }

  /** What a load gives that reaches nothing. */
  private long unreached(int size) {
    return aborted || stuck ? 0 : -1L >>> (Long.SIZE - size * Byte.SIZE);
  }

  /** Stores the low {@code size} bytes (1, 2, 4 or 8) of {@code value}; nothing after an abort, or where {@link HoleAccess} drops it. */
  public void store(long address, int size, long value) {
    if (reach(address, size, true)) {
      GuestAccess.store(this, address, size, value);
    }
    tellAccess(true, address, size, value);
  }

  private void tellAccess(boolean store, long address, int size, long value) {
    world().stepWatcher().accessed(this, store, address, size);
    if (world().isWatchedClosely()) {
      world().trace().accessed(domain.id(), id, store, address, size, value, aborted);
    }
  }

  /**
   * Replaces {@code size} bytes (1, 2, 4 or 8) by {@code replacement} if they are {@code expected}, as one indivisible access.
   *
   * @return what was there before; 0 after an abort
   */
  public long compareAndSwap(long address, int size, long expected, long replacement) {
    if (!reach(address, size, true)) {
      aborted = !stuck;
      tellAccess(true, address, size, replacement);
      return 0;
    }
    long found = load(address, size);
    if (found == expected) {
      store(address, size, replacement);
    }
    return found;
  }

  /** What would become of an access to the byte at {@code address}. */
  public Access access(long address, boolean write) {
    long entry = domain.physmap().entry(address >>> MachineMemory.PAGE_SHIFT);
    if (entry == Physmap.HOLE || !world().memory().isValid(Physmap.mfn(entry))) {
      return Access.ABORT;
    }
    EntryType type = Physmap.type(entry);
    return (write ? type.writable() : type.readable()) ? Access.DONE : Access.STUCK;
  }

  private boolean reach(long address, int size, boolean write) {
    long last = address + size - 1;
    boolean onePage = address >>> MachineMemory.PAGE_SHIFT == last >>> MachineMemory.PAGE_SHIFT;
    return reach(address, write) && (onePage || reach(last, write));
  }

  private boolean reach(long address, boolean write) {
    Access access = access(address, write);
    if (access == Access.STUCK) {
      hang(address);
    }
    aborted = access == Access.ABORT && domain.holes() == HoleAccess.ABORT;
    return access == Access.DONE;
  }
}
