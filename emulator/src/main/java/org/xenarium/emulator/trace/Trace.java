package org.xenarium.emulator.trace;

/** Told what happens in a machine, in order. It watches only: nothing that it does may reach back into the machine. */
public interface Trace {
  /** Watches nothing. */
  Trace NONE = (domid, vcpu, element, rule) -> {};

  /**
   * A rule decided.
   *
   * @param domid the calling domain
   * @param vcpu the calling vCPU's number
   * @param element the index of the batch element, from 0; 0 for calls without elements
   * @param rule what decided
   */
  void decided(int domid, int vcpu, long element, Rule rule);

  /**
   * Something happened to a domain as a whole.
   *
   * @param detail why it was shut down; 0 for everything else
   */
  default void life(int domid, LifeEvent event, int detail) {}

  /**
   * Guest code says by which rule it went, in the same words as the hypervisor.
   *
   * @param rule what decided a call into a driver, or why the guest panicked, or what it has to remark
   * @param value what the call returns, or what the remark is about, such as an address
   */
  default void guest(int domid, int vcpu, Rule rule, long value) {}

  /**
   * Guest code marks a point in its program, such as the beginning of a step. What it means is between the program and who watches.
   *
   * @param thread the number of the running thread
   */
  default void mark(int domid, int vcpu, int thread, Object mark) {}

  /**
   * A guest loaded or stored something, or tried to; told only to those who {@link #watchesClosely}.
   *
   * @param size in bytes
   * @param value what was loaded or was to be stored
   * @param aborted whether the guest got an abort instead; an access that never ends is told by {@link #stuck}
   */
  default void accessed(int domid, int vcpu, boolean store, long address, int size, long value, boolean aborted) {}

  /**
   * A vCPU executes an HVC instruction, once more for each continuation.
   *
   * @param registers x0 to x4, to look at only while this is told
   */
  default void hypercall(int domid, int vcpu, int number, long[] registers) {}

  /** A hypercall is over, its continuations included; told only to those who {@link #watchesClosely}. */
  default void returned(int domid, int vcpu, long x0) {}

  /** Does it want to know of every load, store and end of a hypercall? Asked when it begins to watch. */
  default boolean watchesClosely() {
    return false;
  }

  /** A domain was given a RAM frame, whose content is whatever was left there. */
  default void allocated(int domid, long mfn) {}

  /** A guest instruction that can never complete: a store to a read-only grant, say (spec §3.3.6). The vCPU executes it for ever. */
  default void stuck(int domid, int vcpu, long address) {}
}
