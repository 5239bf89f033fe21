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

  /** A domain was given a RAM frame, whose content is whatever was left there. */
  default void allocated(int domid, long mfn) {}

  /** A guest instruction that can never complete: a store to a read-only grant, say (spec §3.3.6). The vCPU executes it for ever. */
  default void stuck(int domid, int vcpu, long address) {}
}
