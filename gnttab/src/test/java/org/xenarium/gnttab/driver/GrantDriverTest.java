package org.xenarium.gnttab.driver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.Vcpu;

class GrantDriverTest {
  private final DriverBench bench = new DriverBench();
  private final Vcpu granter = bench.granter();
  private final GrantDriver driver = GrantDriver.of(granter.domain());

  private long grant() {
    return bench.run(granter, new GrantAccess(DriverBench.MAPPER, DriverBench.PAGE_GFN, false));
  }

  @Test
  void references_ascend_from_8_and_a_released_one_is_handed_out_next() {
    assertThat(grant()).isEqualTo(8);
    assertThat(grant()).isEqualTo(9);
    assertThat(bench.run(granter, new EndAccess(8))).isZero();
    assertThat(grant()).isEqualTo(8);
    assertThat(grant()).isEqualTo(10);
  }

  @Test
  void G1_free_and_used_references_add_up_to_all_but_the_reserved_ones() {
    assertThat(driver.freeCount()).isEqualTo(512 - 8);
    grant();
    assertThat(driver.freeCount()).isEqualTo(512 - 9);
    assertThat(driver.isUsed(8)).isTrue();
  }

  @Test
  void grant_access_writes_frame_domid_and_then_flags() {
    granter.setGuest(new GrantAccess(DriverBench.MAPPER, DriverBench.PAGE_GFN, true));
    long entry = 0x38000000L + 8 * 8;
    bench.machine.step(granter);
    bench.machine.step(granter);
    assertThat(driver.isUsed(8)).isTrue();
    assertThat(granter.load(entry, 8)).isZero();
    bench.machine.step(granter);
    bench.machine.step(granter);
    assertThat(granter.load(entry, 8)).isEqualTo(DriverBench.PAGE_GFN << 32 | DriverBench.MAPPER << 16);
    bench.machine.step(granter);
    assertThat(granter.load(entry, 2)).isEqualTo(5);
  }

  @Test
  void grant_access_waits_while_no_reference_is_free() {
    for (int i = 8; i < 512; i++) {
      assertThat(grant()).isEqualTo(i);
    }
    Vcpu second = granter.domain().vcpu(1);
    second.setGuest(new GrantAccess(DriverBench.MAPPER, DriverBench.PAGE_GFN, false));
    bench.machine.step(second);
    assertThat(bench.machine.enabled(second)).isFalse();
    bench.run(granter, new EndAccess(100));
    assertThat(bench.machine.enabled(second)).isTrue();
    while (bench.machine.step(second)) {}
    assertThat(second.x(0)).isEqualTo(100);
  }

  @Test
  void end_access_of_a_mapped_grant_is_busy_and_changes_nothing() {
    assertThat(grant()).isEqualTo(8);
    Vcpu mapper = bench.mapper();
    mapper.setGuest(new MapperProgram(1, 1));
    while (mapper.guest() instanceof MapperProgram program && !program.usesPageNext()) {
      bench.machine.step(mapper);
    }
    int free = driver.freeCount();
    assertThat(bench.run(granter, new EndAccess(8))).isEqualTo(EndAccess.BUSY);
    assertThat(driver.freeCount()).isEqualTo(free);
    assertThat(granter.load(0x38000000L + 8 * 8, 2)).isEqualTo(0x19);
    while (bench.machine.step(mapper)) {}
    assertThat(bench.run(granter, new EndAccess(8))).isZero();
  }

  @Test
  void a_driver_whose_table_is_not_mapped_panics() {
    granter.domain().physmap().remove(0x38000, granter.domain().machineAddress(0x38000000L) >>> 12);
    bench.run(granter, new GrantAccess(DriverBench.MAPPER, DriverBench.PAGE_GFN, false));
    assertThat(granter.isHalted()).isTrue();
  }
}
