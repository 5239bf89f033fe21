package org.xenarium.emulator.hypercall;

import com.google.common.collect.ImmutableSortedSet;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;

/** Which module handles which hypercall number. */
public final class HypercallTable {
  private static final int NUMBERS = 64;

  /**
   * Hypercalls that an Arm build of Xen knows (measured on 4.17.7): platform, memory, multicall, version, console, grant table, vm_assist, vcpu,
   * sched, event channels, physdev, hvm, sysctl, domctl, hypfs.
   */
  private static final ImmutableSortedSet<Integer> KNOWN =
      ImmutableSortedSet.of(7, 12, 13, 17, 18, 20, 21, 24, 29, 32, 33, 34, 35, 36, 42);

  private final @Nullable HypercallHandler[] handlers = new HypercallHandler[NUMBERS];

  /** Plugs a module in. A number can be taken once. */
  public void register(int number, HypercallHandler handler) {
    if (handlers[number] != null) {
      throw new IllegalArgumentException("hypercall " + number + " has a handler already");
    }
    handlers[number] = handler;
  }

  /**
   * Executes the HVC instruction that the vCPU is at; see {@link HypercallHandler#start}.
   *
   * @throws NotEmulatedException for a hypercall that Xen knows and no module here handles
   */
  public @Nullable Routine start(Vcpu vcpu) {
    vcpu.takeHypercall();
    int number = vcpu.number();
    HypercallHandler handler = number >= 0 && number < NUMBERS ? handlers[number] : null;
    if (handler == null && KNOWN.contains(number)) {
      throw new NotEmulatedException("hypercall " + number);
    }
    if (handler == null) {
      vcpu.decided(0, HypercallRule.HYP_01);
      vcpu.setX(0, HypercallRule.HYP_01.result());
      return null;
    }
    return handler.start(vcpu);
  }
}
