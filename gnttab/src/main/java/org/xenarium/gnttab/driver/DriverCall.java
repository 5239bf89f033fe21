package org.xenarium.gnttab.driver;

import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.StepWatcher;
import org.xenarium.emulator.domain.Vcpu;

/** A call into the driver: how its routines touch guest memory, allocate, return and panic. Watchers of steps are told of each of its steps. */
abstract class DriverCall extends Routine {
  @Override
  public final boolean step(Vcpu vcpu) {
    StepWatcher watcher = vcpu.world().stepWatcher();
    watcher.beforeCall(vcpu, this);
    boolean more = advance(vcpu);
    watcher.afterCall(vcpu, this, !more);
    return more;
  }

  /** Performs the next indivisible step; false when that was the last one. */
  abstract boolean advance(Vcpu vcpu);

  /** Bytes for hypercall arguments of the running thread. */
  static long stack(Vcpu vcpu) {
    long thread = (long) vcpu.id() * DriverConfig.THREADS + vcpu.thread();
    return driver(vcpu).config().stack() + thread * DriverConfig.STACK_PER_THREAD;
  }

  static long load(Vcpu vcpu, long address, int size) {
    long value = vcpu.load(address, size);
    panicAfterAbort(vcpu, address);
    return value;
  }

  static void store(Vcpu vcpu, long address, int size, long value) {
    vcpu.store(address, size, value);
    panicAfterAbort(vcpu, address);
  }

  static long compareAndSwap(Vcpu vcpu, long address, int size, long expected, long replacement) {
    long found = vcpu.compareAndSwap(address, size, expected, replacement);
    panicAfterAbort(vcpu, address);
    return found;
  }

  private static void panicAfterAbort(Vcpu vcpu, long address) {
    if (vcpu.takeAbort()) {
      panic(vcpu, DriverRule.KERNEL_05, address);
    }
  }

  /** A block of the kernel's heap, or null: {@link org.xenarium.emulator.guest.Heap#NULL}. */
  static long allocate(Vcpu vcpu, long bytes) {
    boolean fails = vcpu.world().strikes(DriverFault.ALLOCATION, vcpu.domain().id(), bytes);
    return fails ? 0 : driver(vcpu).heap().allocate(bytes);
  }

  /** Frees a block of the kernel's heap; panics where none begins. */
  static void free(Vcpu vcpu, long address) {
    if (!driver(vcpu).heap().free(address)) {
      panic(vcpu, DriverRule.KERNEL_04, address);
    }
  }

  /** {@code k_panic}: the vCPU stops for good. */
  static boolean panic(Vcpu vcpu, DriverRule why, long value) {
    note(vcpu, why, value);
    vcpu.halt();
    return false;
  }

  /** Something to be remarked. */
  static void note(Vcpu vcpu, DriverRule what, long value) {
    if (vcpu.isHalted()) {
      return; // a panic was the last word
    }
    vcpu.world().trace().guest(vcpu.domain().id(), vcpu.id(), what, value);
    vcpu.world().stepWatcher().guest(vcpu, what, value);
  }

  /** The call returns what the rule says. */
  static boolean end(Vcpu vcpu, DriverRule rule) {
    return end(vcpu, rule, rule.result());
  }

  /** The call returns {@code value}. */
  static boolean end(Vcpu vcpu, DriverRule rule, long value) {
    vcpu.setX(0, value);
    note(vcpu, rule, value);
    return false;
  }

  static GrantDriver driver(Vcpu vcpu) {
    return GrantDriver.of(vcpu.domain());
  }
}
