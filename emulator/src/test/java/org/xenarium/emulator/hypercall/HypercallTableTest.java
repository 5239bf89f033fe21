package org.xenarium.emulator.hypercall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.Calls;

/** Dispatch by number, spec §2.1. */
public class HypercallTableTest extends Calls {
  private static final int ENOSYS = -38;

  @Test
  void HYP_01_a_number_that_Xen_does_not_know_answers_ENOSYS() {
    for (int number : new int[] {0, 6, 8, 16, 27, 37, 41, 48, 63, 64, 1 << 20, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
      assertThat(ask(guest, number, 5, 6)).isEqualTo(answer(HypercallRule.HYP_01, ENOSYS));
    }
  }

  @Test
  void a_number_that_Xen_knows_and_no_module_handles_is_refused_by_name() {
    for (int number : new int[] {7, 18, 20, 21, 24, 33, 35, 36, 42}) {
      assertThatThrownBy(() -> machine.call(guest.vcpu(0), number, 0, 0, 0))
          .isInstanceOf(NotEmulatedException.class)
          .hasMessage("hypercall " + number + " is not emulated");
    }
  }

  @Test
  void a_handler_that_answers_at_once_ends_the_call() {
    HypercallTable table = new HypercallTable();
    table.register(63, vcpu -> {
      vcpu.setX(0, vcpu.x(1) + vcpu.x(2));
      return null;
    });
    guest.vcpu(0).issue(63, 0, 40, 2);
    assertThat(table.start(guest.vcpu(0))).isNull();
    assertThat(guest.vcpu(0).x(0)).isEqualTo(42);
    assertThat(guest.vcpu(0).atHypercall()).isFalse();
  }

  @Test
  void a_number_can_be_taken_once() {
    HypercallTable table = new HypercallTable();
    table.register(20, vcpu -> null);
    assertThatThrownBy(() -> table.register(20, vcpu -> null)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("20");
  }
}
