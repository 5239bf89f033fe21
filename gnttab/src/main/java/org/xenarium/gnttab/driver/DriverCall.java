package org.xenarium.gnttab.driver;

import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;

/** A call into the driver: how its routines touch guest memory. A fault there is a bug of the guest and ends in its panic. */
abstract class DriverCall extends Routine {
  static long load(Vcpu vcpu, long address, int size) {
    long value = vcpu.load(address, size);
    panicAfterAbort(vcpu);
    return value;
  }

  static void store(Vcpu vcpu, long address, int size, long value) {
    vcpu.store(address, size, value);
    panicAfterAbort(vcpu);
  }

  static long compareAndSwap(Vcpu vcpu, long address, int size, long expected, long replacement) {
    long found = vcpu.compareAndSwap(address, size, expected, replacement);
    panicAfterAbort(vcpu);
    return found;
  }

  private static void panicAfterAbort(Vcpu vcpu) {
    if (vcpu.takeAbort()) {
      vcpu.halt();
    }
  }

  static GrantDriver driver(Vcpu vcpu) {
    return GrantDriver.of(vcpu.domain());
  }
}
