package org.xenarium.gnttab.life;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Creation;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.ToolstackRule;
import org.xenarium.emulator.trace.Errno;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.Gnttab;
import org.xenarium.gnttab.rule.TableRule;
import org.xenarium.gnttab.table.GrantLimits;
import org.xenarium.gnttab.table.GrantTable;

/** What a domain may ask of its grant table when it is created (spec §1.4). */
class TableCreationTest {
  private final Machine machine = Machine.builder().module(new Gnttab()).memory(0x1000, 64).build();

  private Creation create(int id, GrantLimits limits) {
    return machine.create(DomainConfig.guest(id, 4).with(GrantLimits.class, limits));
  }

  private void isRefused(GrantLimits limits, Rule rule) {
    long before = machine.digest();
    Creation creation = create(1, limits);
    assertThat(creation.rule()).isEqualTo(rule);
    assertThat(rule.result()).isEqualTo(-Errno.EINVAL);
    assertThat(machine.digest()).as("nothing is left").isEqualTo(before);
  }

  @Test
  void TABLE_01_there_are_versions_1_and_2() {
    isRefused(new GrantLimits(64, 1024, 0), TableRule.TABLE_01);
    isRefused(new GrantLimits(64, 1024, 3), TableRule.TABLE_01);
  }

  @Test
  void TABLE_02_a_table_has_at_least_one_frame() {
    isRefused(new GrantLimits(0, 1024), TableRule.TABLE_02);
  }

  @Test
  void CREATE_05_negative_limits_stand_for_the_defaults_and_a_maptrack_may_be_empty() {
    GrantTable table = GrantTable.of(create(1, new GrantLimits(-1, -1)).orThrow());
    assertThat(table.maxFrames()).isEqualTo(64);
    assertThat(create(2, new GrantLimits(1, 0)).rule()).isEqualTo(ToolstackRule.CREATE_05);
  }

  @Test
  void CREATE_04_without_a_frame_for_the_table_there_is_no_domain_and_shared_info_goes_back() {
    Machine tight = Machine.builder().module(new Gnttab()).memory(0x1000, 3).build();
    assertThat(tight.create(DomainConfig.guest(1, 4)).rule()).isEqualTo(ToolstackRule.CREATE_05);
    long before = tight.digest();
    assertThat(tight.create(DomainConfig.guest(2, 4)).rule()).isEqualTo(ToolstackRule.CREATE_04);
    assertThat(tight.digest()).isEqualTo(before);
    assertThat(tight.world().memory().hasFree(1)).isTrue();
  }
}
