package org.xenarium.gnttab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.PLACE;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.trace.Trace;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.MapLayout;
import org.xenarium.gnttab.abi.UnmapLayout;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.Struct;

/** Mapping and unmapping through the byte-exact path allocates next to nothing, watched or not. */
class AllocationTest {
  private static final int PAIRS = 200_000;
  private static final int MOST_BYTES_A_PAIR = 100;

  private final Bench bench = Bench.start();
  private final Machine machine = bench.machine();
  private final Vcpu vcpu = bench.b().vcpu();
  private final long map = bench.b().arguments();
  private final long unmap = map + 64;

  @Test
  void a_map_and_its_unmap_allocate_at_most_100_bytes() {
    bench.watch().stop();
    check(PAIRS);
  }

  @Test
  void looking_at_all_invariants_meanwhile_allocates_no_more() {
    check(PAIRS / 4);
  }

  private void check(int count) {
    machine.world().watch(Trace.NONE);
    bench.b().write(map, Struct.map(A, 8, 2, PLACE));
    bench.b().write(unmap, Struct.unmap(PLACE, 0));
    pairs(count / 4);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().threadId();
    long before = threads.getThreadAllocatedBytes(thread);
    pairs(count);
    long bytes = threads.getThreadAllocatedBytes(thread) - before;
    assertThat((double) bytes / count).as("bytes a pair").isLessThanOrEqualTo(MOST_BYTES_A_PAIR);
  }

  /** The guest hands the handle on from one struct to the other by its own loads and stores. */
  private void pairs(int count) {
    for (int i = 0; i < count; i++) {
      machine.call(vcpu, GnttabOp.HYPERCALL, GnttabOp.MAP_GRANT_REF, map, 1);
      if (vcpu.load(map + MapLayout.STATUS, 2) != 0) {
        throw new AssertionError("map failed in round " + i);
      }
      vcpu.store(unmap + UnmapLayout.HANDLE, 4, vcpu.load(map + MapLayout.HANDLE, 4));
      machine.call(vcpu, GnttabOp.HYPERCALL, GnttabOp.UNMAP_GRANT_REF, unmap, 1);
      if (vcpu.load(unmap + UnmapLayout.STATUS, 2) != 0) {
        throw new AssertionError("unmap failed in round " + i);
      }
    }
  }
}
