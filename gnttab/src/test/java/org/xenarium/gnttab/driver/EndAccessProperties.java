package org.xenarium.gnttab.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** G13: once release is reported, the peer cannot read or write the page through that grant. */
class EndAccessProperties {
  @Property(tries = 1000)
  void after_end_access_returned_0_nobody_uses_the_page_through_that_grant(
      @ForAll @Size(min = 1, max = 120) List<@IntRange(min = 0, max = 1) Integer> schedule,
      @ForAll @IntRange(min = 1, max = 3) int rounds,
      @ForAll @IntRange(min = 1, max = 3) int uses) {
    assertThat(usesAfterEnd(DriverVersion.CONTRACT, schedule, rounds, uses)).isZero();
  }

  @Example
  void the_inverted_end_access_of_D_Z1_is_caught() {
    Random random = new Random(1);
    int caught = 0;
    for (int run = 0; run < 200; run++) {
      List<Integer> schedule = new ArrayList<>();
      for (int i = 0; i < 120; i++) {
        schedule.add(random.nextInt(2));
      }
      caught += usesAfterEnd(DriverVersion.V7, schedule, 3, 3) > 0 ? 1 : 0;
    }
    assertThat(caught).as("interleavings that show the defect").isPositive();
  }

  @Example
  void the_page_is_used_before_the_end_in_some_interleavings() {
    DriverBench bench = new DriverBench();
    GranterProgram granter = new GranterProgram();
    MapperProgram mapper = new MapperProgram(2, 2);
    List<Integer> grantThenMapTillUse = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      grantThenMapTillUse.add(i < 7 ? 0 : 1);
    }
    int[] uses = {0};
    interleave(bench, granter, mapper, grantThenMapTillUse, () -> uses[0] += mapper.usesPageNext() ? 1 : 0);
    assertThat(uses[0]).isPositive();
    assertThat(granter.ended()).isTrue();
  }

  /** How often the mapper touched the granted page after the granter had been told that it is its own again. */
  private static int usesAfterEnd(DriverVersion version, List<Integer> schedule, int rounds, int uses) {
    DriverBench bench = new DriverBench(config -> config.withVersion(version));
    GranterProgram granter = new GranterProgram();
    MapperProgram mapper = new MapperProgram(rounds, uses);
    long page = bench.machine.domain(DriverBench.GRANTER).machineAddress(DriverBench.PAGE_GFN << 12);
    int[] violations = {0};
    interleave(
        bench,
        granter,
        mapper,
        schedule,
        () -> {
          boolean mapped = bench.machine.domain(DriverBench.MAPPER).machineAddress(MapperProgram.ADDRESS) == page;
          violations[0] += granter.ended() && mapper.usesPageNext() && mapped ? 1 : 0;
        });
    return violations[0];
  }

  private static void interleave(
      DriverBench bench, GranterProgram granter, MapperProgram mapper, List<Integer> schedule, Runnable beforeStep) {
    bench.granter().setGuest(granter);
    bench.mapper().setGuest(mapper);
    bench.interleave(schedule, List.of(bench.granter(), bench.mapper()), beforeStep);
  }
}
