package org.xenarium.gnttab.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.driver.DriverBench.ARRAYS;
import static org.xenarium.gnttab.driver.DriverBench.PAGE_GFN;
import static org.xenarium.gnttab.driver.DriverBench.REGION;
import static org.xenarium.gnttab.driver.DriverBench.REGION_SIZE;
import static org.xenarium.gnttab.driver.DriverDifference.MAP_STRUCTS_UNMAPPED;
import static org.xenarium.gnttab.driver.DriverDifference.NO_CHECK_OF_REGION;
import static org.xenarium.gnttab.driver.DriverDifference.NO_PAGES;
import static org.xenarium.gnttab.driver.DriverDifference.NO_QUERY_SIZE;
import static org.xenarium.gnttab.driver.DriverDifference.NO_REGIONS;
import static org.xenarium.gnttab.driver.DriverDifference.VA_GOES_FIRST;

import java.util.List;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.trace.Errno;
import org.xenarium.gnttab.abi.GntStatus;
import org.xenarium.gnttab.abi.MapLayout;
import org.xenarium.gnttab.driver.Check.Subject;

/** gnttab_unmap_refs and gnttab_query_size. */
final class UnmapChecks {
  static final List<Check> ALL =
      List.of(
          Check.of("unmap_refs: Unmap one or more foreign grant references", UnmapChecks::unmaps, MAP_STRUCTS_UNMAPPED),
          Check.of("unmap_refs: Xen also stores a per-entry status code in each entry", UnmapChecks::unmapStatuses, MAP_STRUCTS_UNMAPPED),
          Check.of("unmap_refs: -EFAULT when a host address is outside the regions", UnmapChecks::unmapOutside, NO_CHECK_OF_REGION, NO_REGIONS),
          Check.of("unmap_refs: an empty batch completes", subject -> assertThat(subject.bench().unmapRefs(0)).isZero()),
          Check.of("unmap_refs: returns the value of the hypercall", UnmapChecks::unmapFails),
          Check.of("unmap_refs: use gnttab_put_pages() afterwards", UnmapChecks::unmapsAndPuts, NO_PAGES, MAP_STRUCTS_UNMAPPED),
          Check.of("G11 what is not unmapped keeps its virtual address", UnmapChecks::staysVisible, NO_REGIONS, VA_GOES_FIRST),
          Check.of("query_size: frames, most frames, and status", UnmapChecks::queries, NO_QUERY_SIZE),
          Check.of("query_size: -EINVAL for a null pointer", UnmapChecks::queriesNull, NO_QUERY_SIZE));

  private UnmapChecks() {}

  private static DriverBench mapped(Subject subject, int count) {
    DriverBench bench = subject.bench();
    int ref = bench.grant(PAGE_GFN);
    for (int i = 0; i < count; i++) {
      bench.mapElement(i, REGION + 4096 * i, ref);
    }
    assertThat(bench.mapRefs(count)).isZero();
    for (int i = 0; i < count; i++) {
      bench.unmapElement(i, REGION + 4096 * i, bench.handle(i));
    }
    return bench;
  }

  private static void unmaps(Subject subject) {
    DriverBench bench = mapped(subject, 3);
    assertThat(bench.unmapRefs(3)).as("0 on success").isZero();
    for (int i = 0; i < 3; i++) {
      assertThat(bench.unmapStatus(i)).isZero();
      bench.mapper().load(REGION + 4096 * i, 8);
      assertThat(bench.mapper().takeAbort()).as("page %d is gone", i).isTrue();
      assertThat(MapChecks.isVisible(bench, REGION + 4096 * i)).isFalse();
    }
  }

  private static void unmapStatuses(Subject subject) {
    DriverBench bench = mapped(subject, 3);
    bench.unmapElement(1, REGION + 4096, 200);
    assertThat(bench.unmapRefs(3)).isZero();
    assertThat(List.of(bench.unmapStatus(0), bench.unmapStatus(1), bench.unmapStatus(2))).containsExactly(0, GntStatus.BAD_HANDLE, 0);
  }

  private static void unmapOutside(Subject subject) {
    for (long outside : new long[] {REGION - 4096, REGION + REGION_SIZE, PAGE_GFN << 12, 0}) {
      for (int position = 0; position < 3; position++) {
        DriverBench bench = mapped(subject, 3);
        bench.unmapElement(position, outside, bench.handle(position));
        bench.mapper().store(ARRAYS + (long) position * MapLayout.SIZE + MapLayout.HOST_ADDR, 8, outside);
        MapChecks.refuses(bench, () -> assertThat(bench.unmapRefs(3)).isEqualTo(-Errno.EFAULT));
      }
    }
  }

  private static void unmapFails(Subject subject) {
    DriverBench bench = mapped(subject, 1);
    bench.mapper().store(REGION, 8, REGION);
    assertThat(bench.run(bench.mapper(), new UnmapRefs(REGION, 1))).isEqualTo(-Errno.EFAULT);
  }

  private static void unmapsAndPuts(Subject subject) {
    DriverBench bench = subject.bench();
    long base = bench.getPages(1);
    assertThat(bench.map(bench.grant(PAGE_GFN), base)).isTrue();
    bench.unmapElement(0, base, bench.handle(0));
    assertThat(bench.unmapRefs(1)).isZero();
    assertThat(bench.putPages(base, 1)).isZero();
    assertThat(bench.said).doesNotContain(DriverRule.PUTPG_13);
  }

  private static void staysVisible(Subject subject) {
    DriverBench bench = mapped(subject, 1);
    bench.unmapElement(0, REGION, 200);
    bench.mapper().store(ARRAYS + MapLayout.HANDLE, 4, 200);
    bench.unmapRefs(1);
    assertThat(bench.mapper().domain().physmap().entry(REGION >>> 12)).isNotZero();
    assertThat(MapChecks.isVisible(bench, REGION)).isTrue();
  }

  private static void queries(Subject subject) {
    DriverBench bench = subject.bench();
    Vcpu vcpu = bench.mapper();
    long at = DriverBench.POINTERS;
    assertThat(bench.run(vcpu, new QueryTableSize(DomId.SELF, at, at + 4, at + 8))).isZero();
    assertThat(vcpu.load(at, 4)).isEqualTo(1);
    assertThat(vcpu.load(at + 4, 4)).isEqualTo(64);
    assertThat(vcpu.load(at + 8, 2)).isZero();
    bench.run(vcpu, new QueryTableSize(77, at, at + 4, at + 8));
    assertThat((short) vcpu.load(at + 8, 2)).isEqualTo((short) GntStatus.BAD_DOMAIN);
  }

  private static void queriesNull(Subject subject) {
    DriverBench bench = subject.bench();
    for (int missing = 0; missing < 3; missing++) {
      long[] pointers = {8, 16, 24};
      pointers[missing] = 0;
      QueryTableSize call = new QueryTableSize(DomId.SELF, pointers[0], pointers[1], pointers[2]);
      assertThat(bench.run(bench.mapper(), call)).isEqualTo(-Errno.EINVAL);
    }
  }
}
