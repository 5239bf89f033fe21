package org.xenarium.scenarios.property;

import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.scenarios.script.Operation;

/** Told what a guest's own driver does, as it does it. */
interface DriverWatcher {
  /** Watches nothing. */
  DriverWatcher NONE = new DriverWatcher() {};

  /** Stores outside of the memory for arguments. */
  default void stores(Vcpu vcpu, long address, int size, long value) {}

  /** Compares and swaps. */
  default void swaps(Vcpu vcpu, long address, int size, long expected, long replacement) {}

  /** Issues a hypercall, whose arguments are in guest memory and registers. */
  default void calls(Vcpu vcpu, int number, long... arguments) {}

  /** The kernel panics. */
  default void panics(Vcpu vcpu, Operation call, String text) {}
}
