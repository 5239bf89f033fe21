package org.xenarium.gnttab.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.trace.Errno;
import org.xenarium.gnttab.abi.MapFlags;
import org.xenarium.gnttab.abi.MapLayout;
import org.xenarium.gnttab.abi.UnmapLayout;

/**
 * G10: -EFAULT of the check in advance means that no hypercall was issued, and comes exactly when an address lies outside the region. So does
 * -EBUSY, which comes only when two elements of a map have one address.
 */
class RefsProperties {
  private static final long FIRST = DriverBench.ARRAYS;
  private static final long SECOND = DriverBench.ARRAYS + 0x1000;

  @Provide
  Arbitrary<List<Long>> addresses() {
    Arbitrary<Long> inside = Arbitraries.longs().between(0, DriverBench.REGION_SIZE / 4096 - 1).map(page -> DriverBench.REGION + 4096 * page);
    Arbitrary<Long> edges =
        Arbitraries.of(
            0L,
            DriverBench.RAM_GFN << 12,
            DriverBench.REGION - 4096,
            DriverBench.REGION - 1,
            DriverBench.REGION,
            DriverBench.REGION + DriverBench.REGION_SIZE - 1,
            DriverBench.REGION + DriverBench.REGION_SIZE,
            -1L);
    return Arbitraries.frequencyOf(Tuple.of(6, inside), Tuple.of(1, edges)).list().ofMaxSize(6);
  }

  @Property(tries = 500)
  void map_refs_returns_EFAULT_exactly_when_an_address_lies_outside(
      @ForAll("addresses") List<Long> first,
      @ForAll("addresses") List<Long> second,
      @ForAll @Size(max = 80) List<@IntRange(min = 0, max = 1) Integer> schedule) {
    check(first, second, schedule, true);
  }

  @Property(tries = 500)
  void unmap_refs_returns_EFAULT_exactly_when_an_address_lies_outside(
      @ForAll("addresses") List<Long> first,
      @ForAll("addresses") List<Long> second,
      @ForAll @Size(max = 80) List<@IntRange(min = 0, max = 1) Integer> schedule) {
    check(first, second, schedule, false);
  }

  /** Two vCPUs of the mapper call the driver at the same time, each on its own array. */
  private static void check(List<Long> first, List<Long> second, List<Integer> schedule, boolean map) {
    DriverBench bench = new DriverBench();
    bench.run(bench.granter(), new GrantAccess(DriverBench.MAPPER, DriverBench.PAGE_GFN, false));
    Vcpu one = bench.machine.domain(DriverBench.MAPPER).vcpu(0);
    Vcpu other = bench.machine.domain(DriverBench.MAPPER).vcpu(1);
    fill(one, FIRST, first, map);
    fill(one, SECOND, second, map);
    byte[] before = arrays(one);
    int[] hypercalls = {0, 0};
    bench.machine.world().watch((domid, vcpu, element, rule) -> hypercalls[vcpu]++);
    one.setGuest(map ? new MapRefs(FIRST, first.size()) : new UnmapRefs(FIRST, first.size()));
    other.setGuest(map ? new MapRefs(SECOND, second.size()) : new UnmapRefs(SECOND, second.size()));

    bench.interleave(schedule, List.of(one, other), () -> {});

    byte[] after = arrays(one);
    List<Long> both = Stream.concat(first.stream(), second.stream()).toList();
    boolean touch = map && isTwice(both);
    checkOne(one, first, touch, map && isTwice(first), hypercalls[0], Arrays.copyOf(before, 0x1000), Arrays.copyOf(after, 0x1000));
    before = Arrays.copyOfRange(before, 0x1000, 0x2000);
    checkOne(other, second, touch, map && isTwice(second), hypercalls[1], before, Arrays.copyOfRange(after, 0x1000, 0x2000));
  }

  /** Are there two addresses in one page? */
  private static boolean isTwice(List<Long> addresses) {
    return addresses.stream().map(at -> at >>> 12).distinct().count() < addresses.size();
  }

  private static void checkOne(
      Vcpu vcpu, List<Long> addresses, boolean maybeTwice, boolean twice, int hypercalls, byte[] before, byte[] after) {
    boolean outside =
        addresses.stream()
            .anyMatch(at -> at < DriverBench.REGION || at >= DriverBench.REGION + DriverBench.REGION_SIZE);
    if (outside) {
      assertThat(vcpu.x(0)).isEqualTo(-Errno.EFAULT);
    } else if (twice) {
      assertThat(vcpu.x(0)).isEqualTo(-Errno.EBUSY);
    } else {
      assertThat(vcpu.x(0)).isIn(maybeTwice ? List.of(0L, (long) -Errno.EBUSY) : List.of(0L));
    }
    if (vcpu.x(0) != 0) {
      assertThat(hypercalls).as("outcomes of hypercalls").isZero();
      assertThat(after).isEqualTo(before);
    } else {
      assertThat(hypercalls).as("outcomes of hypercalls").isEqualTo(Math.max(1, addresses.size()));
    }
  }

  private static void fill(Vcpu vcpu, long array, List<Long> addresses, boolean map) {
    for (int i = 0; i < addresses.size(); i++) {
      if (map) {
        long at = array + (long) i * MapLayout.SIZE;
        vcpu.store(at + MapLayout.HOST_ADDR, 8, addresses.get(i));
        vcpu.store(at + MapLayout.FLAGS, 4, MapFlags.HOST_MAP);
        vcpu.store(at + MapLayout.REF, 4, FreeList.RESERVED);
        vcpu.store(at + MapLayout.DOM, 2, DriverBench.GRANTER);
      } else {
        long at = array + (long) i * UnmapLayout.SIZE;
        vcpu.store(at + UnmapLayout.HOST_ADDR, 8, addresses.get(i));
        vcpu.store(at + UnmapLayout.HANDLE, 4, i);
      }
    }
  }

  private static byte[] arrays(Vcpu vcpu) {
    byte[] bytes = new byte[0x2000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) vcpu.load(FIRST + i, 1);
    }
    return bytes;
  }
}
