package org.xenarium.gnttab.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.driver.DriverBench.HEAP;
import static org.xenarium.gnttab.driver.DriverBench.HEAP_PAGES;
import static org.xenarium.gnttab.driver.DriverBench.MAPPER;
import static org.xenarium.gnttab.driver.DriverBench.PAGE_GFN;
import static org.xenarium.gnttab.driver.DriverBench.REGION;
import static org.xenarium.gnttab.driver.DriverDifference.BLOCK_LOST;
import static org.xenarium.gnttab.driver.DriverDifference.NO_PAGES;
import static org.xenarium.gnttab.driver.DriverDifference.NO_REGIONS;
import static org.xenarium.gnttab.driver.DriverDifference.PAGES_OF_HEAP;
import static org.xenarium.gnttab.driver.DriverDifference.PARTIAL_PUT;
import static org.xenarium.gnttab.driver.DriverDifference.PUT_IGNORES_REGION;
import static org.xenarium.gnttab.driver.DriverDifference.SINGLE_PAGES;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.fault.Fault;
import org.xenarium.emulator.fault.MemoryFault;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.emulator.trace.Errno;
import org.xenarium.gnttab.driver.Check.Subject;

/** gnttab_get_pages and gnttab_put_pages. */
final class PageChecks {
  private static final DriverDifference[] NOT_OF_REGION = {NO_REGIONS, NO_PAGES, PAGES_OF_HEAP};

  static final List<Check> ALL =
      List.of(
          Check.of("get_pages: Allocate pages that can host grant mappings", PageChecks::getsFromRegion, with(SINGLE_PAGES)),
          Check.of("get_pages: the returned range is suitable for use as host_addr", PageChecks::isSuitable, NO_PAGES),
          Check.of("get_pages: without regions the pages are taken out of the physmap", PageChecks::getsFromHeap, NO_PAGES, SINGLE_PAGES),
          Check.of("get_pages: NULL on failure, more pages than there are", PageChecks::getsNullForTooMany, NO_PAGES, SINGLE_PAGES),
          Check.of("get_pages: NULL on failure, the region is used up", PageChecks::getsNullFromFullRegion, with()),
          Check.of("get_pages: NULL on failure, the heap is used up", PageChecks::getsNullFromFullHeap, NO_PAGES),
          Check.of("get_pages: NULL for no pages", PageChecks::getsNullForNone, NO_PAGES, SINGLE_PAGES),
          Check.of("get_pages: a request never spans regions, and the first that fits is taken", PageChecks::firstFit, with(SINGLE_PAGES)),
          Check.of("G9 get_pages whose first removal fails leaves all as it was", PageChecks::firstRemovalFails, NO_PAGES, BLOCK_LOST),
          Check.of("G9 get_pages whose later removal fails leaves all as it was", PageChecks::laterRemovalFails, NO_PAGES, SINGLE_PAGES),
          Check.of("put_pages: Release pages allocated by gnttab_get_pages()", PageChecks::putsToRegion, with()),
          Check.of("put_pages: without regions they are ordinary memory again", PageChecks::putsToHeap, NO_PAGES),
          Check.of("put_pages: an address outside of the regions is -EIO", PageChecks::putOutside, with(PUT_IGNORES_REGION)),
          Check.of("put_pages: pages that are free already are -EFAULT", PageChecks::putTwice, with(PUT_IGNORES_REGION)),
          Check.of("put_pages: more pages than the region has are -EINVAL", PageChecks::putTooMany, with(SINGLE_PAGES, PUT_IGNORES_REGION)),
          Check.of("put_pages: no pages are put at once to a region", subject -> putNone(subject.bench(), REGION, 0), NO_PAGES, SINGLE_PAGES, PAGES_OF_HEAP),
          Check.of("put_pages: no pages without regions are -EINVAL", subject -> putNone(subject.direct(), HEAP, -Errno.EINVAL), NO_PAGES, SINGLE_PAGES),
          Check.of("put_pages: -ENOMEM without memory for its list", PageChecks::noMemoryForList, NO_PAGES),
          Check.of("G9 put_pages that is populated in part leaves all as it was", PageChecks::putInPart, NO_PAGES, SINGLE_PAGES, PARTIAL_PUT),
          Check.of("put_pages: fewer pages than were got leave the rest", PageChecks::putFewer, with(SINGLE_PAGES)),
          Check.of("put_pages: another base or count than was got is remarked", PageChecks::putOther, NO_PAGES, SINGLE_PAGES),
          Check.of("put_pages: a page that is still mapped is remarked", PageChecks::putMapped, NO_PAGES),
          Check.of("G6 in a direct-mapped domain cycles of get_pages and put_pages cost nothing", PageChecks::cycles, NO_PAGES));

  private PageChecks() {}

  private static DriverDifference[] with(DriverDifference... more) {
    return Stream.concat(Arrays.stream(NOT_OF_REGION), Arrays.stream(more))
        .toArray(DriverDifference[]::new);
  }

  private static void getsFromRegion(Subject subject) {
    DriverBench bench = subject.bench();
    int calls = bench.hypercalls.size();
    assertThat(bench.getPages(3)).isEqualTo(REGION);
    assertThat(bench.getPages(1)).isEqualTo(REGION + 3 * 4096);
    assertThat(bench.hypercalls).hasSize(calls);
  }

  private static void isSuitable(Subject subject) {
    DriverBench bench = subject.bench();
    long base = bench.getPages(1);
    assertThat(base).isNotZero();
    assertThat(bench.map(bench.grant(PAGE_GFN), base)).isTrue();
  }

  private static void getsFromHeap(Subject subject) {
    DriverBench bench = subject.direct();
    assertThat(bench.getPages(3)).isEqualTo(HEAP);
    for (int page = 0; page < 4; page++) {
      boolean hole = bench.mapper().domain().physmap().entry((HEAP >>> 12) + page) == Physmap.HOLE;
      assertThat(hole).as("page %d", page).isEqualTo(page < 3);
    }
  }

  private static void getsNullForTooMany(Subject subject) {
    assertThat(subject.bench().getPages((int) (DriverBench.REGION_SIZE >>> 12) + 1)).isZero();
    assertThat(subject.bench().getPages(-1)).isZero();
    assertThat(subject.direct().getPages(HEAP_PAGES + 1)).isZero();
    assertThat(subject.direct().getPages(-1)).isZero();
  }

  private static void getsNullFromFullRegion(Subject subject) {
    DriverBench bench = subject.bench(config -> config.withRegions(new Region(REGION, 2 * 4096)));
    assertThat(bench.getPages(1)).isEqualTo(REGION);
    assertThat(bench.getPages(1)).isEqualTo(REGION + 4096);
    assertThat(bench.getPages(1)).isZero();
  }

  private static void getsNullFromFullHeap(Subject subject) {
    DriverBench bench = subject.direct(2);
    assertThat(bench.getPages(1)).isNotZero();
    assertThat(bench.getPages(1)).isNotZero();
    assertThat(bench.getPages(1)).isZero();
  }

  private static void getsNullForNone(Subject subject) {
    assertThat(subject.bench().getPages(0)).isZero();
    assertThat(subject.direct().getPages(0)).isZero();
  }

  private static void firstFit(Subject subject) {
    Region first = new Region(0x60000000L, 3 * 4096);
    Region second = new Region(REGION, 4 * 4096);
    DriverBench bench = subject.bench(config -> config.withRegions(first, second));
    assertThat(bench.getPages(4)).isEqualTo(REGION);
    assertThat(bench.getPages(2)).isEqualTo(first.base());
    assertThat(bench.getPages(2)).as("one page left there, none here").isZero();
    assertThat(bench.getPages(1)).isEqualTo(first.base() + 2 * 4096);
  }

  private static void firstRemovalFails(Subject subject) {
    DriverBench bench = subject.direct();
    bench.machine.world().faults().add(Fault.of(MemoryFault.REMOVE_FROM_PHYSMAP, MAPPER).times(1));
    unchanged(bench, () -> assertThat(bench.getPages(1)).isZero());
  }

  private static void laterRemovalFails(Subject subject) {
    for (int page = 1; page < 4; page++) {
      DriverBench bench = subject.direct();
      bench.machine.world().faults().add(Fault.of(MemoryFault.REMOVE_FROM_PHYSMAP, MAPPER).at((HEAP >>> 12) + page).times(1));
      unchanged(bench, () -> assertThat(bench.getPages(4)).isZero());
    }
  }

  /** Heap, physmap and account are the same afterwards. */
  private static void unchanged(DriverBench bench, Runnable action) {
    Domain mapper = bench.mapper().domain();
    int free = bench.driver(bench.mapper()).heap().freePages();
    long pages = mapper.totPages();
    List<Long> entries = entries(mapper);
    action.run();
    assertThat(bench.driver(bench.mapper()).heap().freePages()).as("free pages of the heap").isEqualTo(free);
    assertThat(mapper.totPages()).isEqualTo(pages);
    assertThat(entries(mapper)).as("physmap").isEqualTo(entries);
  }

  private static List<Long> entries(Domain domain) {
    return LongStream.range(DriverBench.RAM_GFN, DriverBench.RAM_GFN + DriverBench.PAGES)
        .mapToObj(domain.physmap()::entry)
        .toList();
  }

  private static void putsToRegion(Subject subject) {
    DriverBench bench = subject.bench();
    long base = bench.getPages(1);
    assertThat(base).isEqualTo(REGION);
    assertThat(bench.putPages(base, 1)).isZero();
    assertThat(bench.getPages(1)).isEqualTo(base);
  }

  private static void putsToHeap(Subject subject) {
    DriverBench bench = subject.direct();
    unchanged(
        bench,
        () -> {
          long base = bench.getPages(1);
          assertThat(bench.putPages(base, 1)).isZero();
        });
    bench.mapper().store(HEAP, 8, 5);
    assertThat(bench.mapper().takeAbort()).isFalse();
  }

  private static void putOutside(Subject subject) {
    DriverBench bench = subject.bench();
    assertThat(bench.putPages(REGION - 4096, 1)).isEqualTo(-Errno.EIO);
    assertThat(bench.putPages(REGION + DriverBench.REGION_SIZE, 1)).isEqualTo(-Errno.EIO);
  }

  private static void putTwice(Subject subject) {
    DriverBench bench = subject.bench();
    long base = bench.getPages(1);
    bench.putPages(base, 1);
    assertThat(bench.putPages(base, 1)).isEqualTo(-Errno.EFAULT);
  }

  private static void putTooMany(Subject subject) {
    DriverBench bench = subject.bench();
    long base = bench.getPages(2);
    assertThat(bench.putPages(base, (int) (DriverBench.REGION_SIZE >>> 12) + 1)).isEqualTo(-Errno.EINVAL);
    assertThat(bench.putPages(base, 3)).as("one more than was got").isEqualTo(-Errno.EFAULT);
  }

  private static void putNone(DriverBench bench, long base, int result) {
    assertThat(bench.putPages(base, 0)).isEqualTo(result);
  }

  private static void noMemoryForList(Subject subject) {
    DriverBench bench = subject.direct(1);
    long base = bench.getPages(1);
    unchanged(bench, () -> assertThat(bench.putPages(base, 1)).isEqualTo(-Errno.ENOMEM));
  }

  private static void putInPart(Subject subject) {
    for (int done = 0; done < 3; done++) {
      DriverBench bench = subject.direct();
      long base = bench.getPages(3);
      bench.machine.world().faults().add(Fault.of(MemoryFault.POPULATE_PHYSMAP, MAPPER).after(done).times(1));
      unchanged(bench, () -> assertThat(bench.putPages(base, 3)).isEqualTo(-Errno.EIO));
      assertThat(bench.putPages(base, 3)).as("a second time").isZero();
    }
  }

  private static void putFewer(Subject subject) {
    DriverBench bench = subject.bench();
    long base = bench.getPages(3);
    assertThat(bench.putPages(base, 2)).isZero();
    assertThat(bench.driver(bench.mapper()).regions().isAllocated(base + 2 * 4096)).isTrue();
    assertThat(bench.putPages(base + 2 * 4096, 1)).isZero();
  }

  private static void putOther(Subject subject) {
    for (int wrong = 0; wrong < 2; wrong++) {
      DriverBench bench = subject.direct();
      long base = bench.getPages(3);
      bench.putPages(base + 4096L * wrong, 2);
      assertThat(bench.said).contains(DriverRule.PUTPG_12);
    }
    DriverBench bench = subject.direct();
    bench.putPages(bench.getPages(3), 3);
    assertThat(bench.said).doesNotContain(DriverRule.PUTPG_12);
  }

  private static void putMapped(Subject subject) {
    DriverBench bench = subject.bench();
    long base = bench.getPages(1);
    assertThat(bench.map(bench.grant(PAGE_GFN), base)).isTrue();
    bench.putPages(base, 1);
    assertThat(bench.said).contains(DriverRule.PUTPG_13);
  }

  private static void cycles(Subject subject) {
    DriverBench bench = subject.direct();
    unchanged(
        bench,
        () -> {
          for (int i = 0; i < 50; i++) {
            assertThat(bench.putPages(bench.getPages(1), 1)).isZero();
          }
        });
  }
}
