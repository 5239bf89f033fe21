package org.xenarium.emulator.versionop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xenarium.emulator.Calls;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.hypercall.NotEmulatedException;
import org.xenarium.emulator.physmap.EntryType;

/** Parameters of a domain without a toolstack, hypercall 34; which can be read was measured on 4.17.7. */
public class HvmOpTest extends Calls {
  private static final int EPERM = -1;
  private static final int ESRCH = -3;
  private static final int EFAULT = -14;
  private static final int EINVAL = -22;
  private static final int ENOSYS = -38;
  private static final long UNTOUCHED = 0x5a5a5a5a5a5a5a5aL;

  private Answer parameter(Domain caller, int domid, int index) {
    store(caller, ARGUMENT, 8, (long) index << 32 | 0x5a5a_0000L | domid);
    store(caller, ARGUMENT + 8, 8, UNTOUCHED);
    return ask(caller, HvmOp.HYPERCALL, HvmOp.GET_PARAM, ARGUMENT);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 17, 18})
  void HVM_08_the_readable_parameters_are_0(int index) {
    assertThat(parameter(guest, DomId.SELF, index)).isEqualTo(answer(VersionRule.HVM_08, 0));
    assertThat(load(guest, ARGUMENT + 8, 8)).isZero();
    assertThat(load(guest, ARGUMENT, 8)).isEqualTo((long) index << 32 | 0x5a5a_0000L | DomId.SELF);
  }

  @Test
  void HVM_08_a_domain_can_be_named_by_its_id_and_others_by_a_control_domain() {
    assertThat(parameter(guest, 1, 1)).isEqualTo(answer(VersionRule.HVM_08, 0));
    assertThat(parameter(control, 1, 1)).isEqualTo(answer(VersionRule.HVM_08, 0));
  }

  @Test
  void HVM_05_the_monitor_ring_is_the_toolstack_s_own() {
    assertThat(parameter(guest, DomId.SELF, 28)).isEqualTo(answer(VersionRule.HVM_05, EPERM));
    assertThat(load(guest, ARGUMENT + 8, 8)).isEqualTo(UNTOUCHED);
  }

  @Test
  void HVM_06_all_other_parameters_are_none() {
    for (int index = -2; index < 64; index++) {
      if (List.of(0, 1, 2, 17, 18, 28).contains(index)) {
        continue;
      }
      assertThat(parameter(guest, DomId.SELF, index)).as("parameter %d", index).isEqualTo(answer(VersionRule.HVM_06, EINVAL));
      assertThat(load(guest, ARGUMENT + 8, 8)).isEqualTo(UNTOUCHED);
    }
  }

  @Test
  void HVM_03_an_unknown_domain_is_not_found() {
    assertThat(parameter(guest, 77, 0)).isEqualTo(answer(VersionRule.HVM_03, ESRCH));
    assertThat(parameter(guest, DomId.IO, 99)).as("before the parameter").isEqualTo(answer(VersionRule.HVM_03, ESRCH));
  }

  @Test
  void HVM_04_an_unprivileged_domain_may_not_ask_about_another() {
    assertThat(parameter(guest, 2, 0)).isEqualTo(answer(VersionRule.HVM_04, EPERM));
  }

  @Test
  void HVM_02_an_unreadable_struct_faults() {
    assertThat(ask(guest, HvmOp.HYPERCALL, HvmOp.GET_PARAM, UNREADABLE)).isEqualTo(answer(VersionRule.HVM_02, EFAULT));
    assertThat(ask(guest, HvmOp.HYPERCALL, HvmOp.GET_PARAM, address(RAM + RAM_PAGES) - 15)).isEqualTo(answer(VersionRule.HVM_02, EFAULT));
  }

  @Test
  void HVM_07_a_struct_that_can_be_read_only_faults() {
    store(guest, address(RAM + 9), 8, DomId.SELF);
    guest.physmap().set(HOLE, mfn(guest, RAM + 9), EntryType.RAM_RO);
    assertThat(ask(guest, HvmOp.HYPERCALL, HvmOp.GET_PARAM, address(HOLE))).isEqualTo(answer(VersionRule.HVM_07, EFAULT));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 99, -1})
  void HVM_01_an_unknown_command_answers_ENOSYS(int command) {
    assertThat(ask(guest, HvmOp.HYPERCALL, command, ARGUMENT)).isEqualTo(answer(VersionRule.HVM_01, ENOSYS));
  }

  @Test
  void HVM_01_comes_before_the_struct_is_read() {
    assertThat(ask(guest, HvmOp.HYPERCALL, 99, UNREADABLE)).isEqualTo(answer(VersionRule.HVM_01, ENOSYS));
  }

  @Test
  void setting_a_parameter_is_checked_as_far_as_can_be_and_then_refused_by_name() {
    store(guest, ARGUMENT, 8, 77);
    assertThat(ask(guest, HvmOp.HYPERCALL, 0, ARGUMENT)).isEqualTo(answer(VersionRule.HVM_03, ESRCH));
    store(guest, ARGUMENT, 8, DomId.SELF);
    assertThatThrownBy(() -> ask(guest, HvmOp.HYPERCALL, 0, ARGUMENT))
        .isInstanceOf(NotEmulatedException.class)
        .hasMessage("hvm_op set_param is not emulated");
  }
}
