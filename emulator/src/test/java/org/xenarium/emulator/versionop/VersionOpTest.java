package org.xenarium.emulator.versionop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xenarium.emulator.Calls;
import org.xenarium.emulator.hypercall.NotEmulatedException;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.semantics.Profile;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;

/** xen_version, hypercall 17. The numbers of 4.17 were measured on a real one. */
public class VersionOpTest extends Calls {
  private static final int ENOSYS = -38;
  private static final int EFAULT = -14;
  private static final int EINVAL = -22;

  /** A machine of another release than the baseline. */
  private static final class Of extends Calls {
    Of(Release release) {
      this(new Semantics(release, SecurityPolicy.SILO));
    }

    Of(Semantics semantics) {
      super(semantics);
    }

    Answer version() {
      return ask(guest, VersionOp.HYPERCALL, VersionOp.VERSION, 0);
    }

    long features() {
      store(guest, ARGUMENT, 8, 0);
      assertThat(ask(guest, VersionOp.HYPERCALL, VersionOp.GET_FEATURES, ARGUMENT)).isEqualTo(answer(VersionRule.VER_05, 0));
      return load(guest, ARGUMENT + 4, 4);
    }
  }

  @ParameterizedTest
  @CsvSource({"4.15, 0x4000f, 0x6005", "4.16, 0x40010, 0x16005", "4.17, 0x40011, 0x16005", "4.18, 0x40012, 0x56005", "4.22, 0x40016, 0x56005", "4.23-dev, 0x40017, 0x56005"})
  void X1_X2_VER_05_VER_06_version_and_features_are_those_of_the_release(String release, long version, long features) {
    Of machine = new Of(Release.named(release).orElseThrow());
    assertThat(machine.version()).isEqualTo(answer(VersionRule.VER_06, version));
    assertThat(machine.features()).isEqualTo(features);
  }

  @Test
  void on_x86_the_features_are_not_emulated() {
    Of machine = new Of(Semantics.of(Release.V4_20, Profile.HVM));
    assertThatThrownBy(machine::features).isInstanceOf(NotEmulatedException.class);
  }

  @Test
  void VER_06_only_the_low_32_bits_of_the_command_count() {
    assertThat(ask(guest, VersionOp.HYPERCALL, 0xffff_ffff_0000_0000L, 0)).isEqualTo(answer(VersionRule.VER_06, 0x40017));
  }

  @Test
  void VER_06_a_page_has_4096_bytes() {
    assertThat(ask(guest, VersionOp.HYPERCALL, 7, 0)).isEqualTo(answer(VersionRule.VER_06, 4096));
  }

  @Test
  void VER_07_the_page_size_takes_no_pointer() {
    assertThat(ask(guest, VersionOp.HYPERCALL, 7, 1)).isEqualTo(answer(VersionRule.VER_07, EINVAL));
    assertThat(ask(guest, VersionOp.HYPERCALL, 7, ARGUMENT)).isEqualTo(answer(VersionRule.VER_07, EINVAL));
  }

  @ParameterizedTest
  @ValueSource(ints = {11, 12, -1, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void VER_01_an_unknown_command_answers_ENOSYS(int command) {
    assertThat(ask(guest, VersionOp.HYPERCALL, command, ARGUMENT)).isEqualTo(answer(VersionRule.VER_01, ENOSYS));
  }

  @Test
  void VER_01_the_first_command_that_Xen_has_not_is_11() {
    assertThat(ask(guest, VersionOp.HYPERCALL, 11, ARGUMENT)).isEqualTo(answer(VersionRule.VER_01, ENOSYS));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 8, 9, 10})
  void a_command_that_exists_in_Xen_and_not_here_is_refused_by_name(int command) {
    assertThatThrownBy(() -> ask(guest, VersionOp.HYPERCALL, command, ARGUMENT))
        .isInstanceOf(NotEmulatedException.class)
        .hasMessage("xen_version command " + command + " is not emulated");
  }

  @Test
  void VER_02_an_unreadable_struct_faults() {
    assertThat(ask(guest, VersionOp.HYPERCALL, VersionOp.GET_FEATURES, UNREADABLE)).isEqualTo(answer(VersionRule.VER_02, EFAULT));
    assertThat(ask(guest, VersionOp.HYPERCALL, VersionOp.GET_FEATURES, address(RAM + RAM_PAGES) - 7))
        .isEqualTo(answer(VersionRule.VER_02, EFAULT));
  }

  @Test
  void VER_03_there_is_one_submap_and_another_is_not_written() {
    store(guest, ARGUMENT, 8, 0x5a5a5a5a_0000_0001L);
    assertThat(ask(guest, VersionOp.HYPERCALL, VersionOp.GET_FEATURES, ARGUMENT)).isEqualTo(answer(VersionRule.VER_03, EINVAL));
    assertThat(load(guest, ARGUMENT, 8)).isEqualTo(0x5a5a5a5a_0000_0001L);
  }

  @Test
  void VER_04_a_struct_that_can_be_read_only_faults() {
    guest.physmap().set(HOLE, mfn(guest, RAM + 9), EntryType.GRANT_MAP_RO);
    assertThat(ask(guest, VersionOp.HYPERCALL, VersionOp.GET_FEATURES, address(HOLE))).isEqualTo(answer(VersionRule.VER_04, EFAULT));
    assertThat(load(guest, address(RAM + 9), 8)).isZero();
  }

  @Test
  void VER_05_only_the_submap_is_changed() {
    store(guest, ARGUMENT, 8, 0x5a5a5a5a_0000_0000L);
    store(guest, ARGUMENT + 8, 8, 0x5a);
    assertThat(ask(guest, VersionOp.HYPERCALL, VersionOp.GET_FEATURES, ARGUMENT)).isEqualTo(answer(VersionRule.VER_05, 0));
    assertThat(load(guest, ARGUMENT, 8)).isEqualTo(0x56005L << 32);
    assertThat(load(guest, ARGUMENT + 8, 8)).isEqualTo(0x5a);
  }
}
