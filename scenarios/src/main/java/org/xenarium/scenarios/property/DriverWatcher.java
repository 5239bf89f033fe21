package org.xenarium.scenarios.property;

import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.scenarios.script.Operation;

/** Told what a guest's own driver does, as it does it. */
interface DriverWatcher {
  /** First this one is told, then another one. */
  default DriverWatcher and(DriverWatcher other) {
    DriverWatcher one = this;
    return new DriverWatcher() {
      @Override
      public void stores(Vcpu vcpu, long address, int size, long value) {
        one.stores(vcpu, address, size, value);
        other.stores(vcpu, address, size, value);
      }

      @Override
      public void swaps(Vcpu vcpu, long address, int size, long expected, long replacement) {
        one.swaps(vcpu, address, size, expected, replacement);
        other.swaps(vcpu, address, size, expected, replacement);
      }

      @Override
      public void calls(Vcpu vcpu, int number, long... arguments) {
        one.calls(vcpu, number, arguments);
        other.calls(vcpu, number, arguments);
      }

      @Override
      public void panics(Vcpu vcpu, Operation call, String text) {
        one.panics(vcpu, call, text);
        other.panics(vcpu, call, text);
      }
    };
  }

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
