package org.xenarium.emulator.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.emulator.trace.Trace;

/** What is kept for a machine as a whole, and what those are told who watch a guest closely. */
class WatchingTest {
  private final World world = new World(Semantics.baseline(SecurityPolicy.DUMMY), 0x1000, 16, 1 << 20, 0);
  private final Domain domain = world.addDomain(DomainConfig.guest(1, 4));
  private final Vcpu vcpu = domain.vcpu(0);
  private final List<String> told = new ArrayList<>();

  /** A number. */
  private static final class Counter implements WorldPart {
    private long count;

    @Override
    public WorldPart copy() {
      Counter copy = new Counter();
      copy.count = count;
      return copy;
    }

    @Override
    public void digest(Digest digest) {
      digest.add(count);
    }
  }

  private final class Diary implements Trace {
    @Override
    public void decided(int domid, int number, long element, Rule rule) {}

    @Override
    public void accessed(int domid, int number, boolean store, long address, int size, long value, boolean aborted) {
      told.add((store ? "w" : "r") + 8 * size + " 0x" + Long.toHexString(address) + " " + value + (aborted ? " aborted" : ""));
    }

    @Override
    public void hypercall(int domid, int number, int what, long[] registers) {
      told.add("hypercall " + what + " " + registers[1]);
    }

    @Override
    public void returned(int domid, int number, long x0) {
      told.add("returned " + x0);
    }

    @Override
    public boolean watchesClosely() {
      return true;
    }
  }

  @Test
  void whatIsKeptForAMachineIsCopiedAndDigestedWithIt() {
    Counter counter = new Counter();
    world.attach(counter);
    long before = digest(world);
    counter.count = 7;
    assertThat(digest(world)).isNotEqualTo(before);
    World copy = world.copy(new Host());
    assertThat(digest(copy)).isEqualTo(digest(world));
    copy.part(Counter.class).count = 8;
    assertThat(world.part(Counter.class).count).isEqualTo(7);
  }

  private static long digest(World world) {
    Digest digest = new Digest();
    world.digest(digest);
    return digest.value();
  }

  @Test
  void whoWatchesCloselyIsToldOfLoadsStoresAndHypercallsInTheirOrder() {
    domain.ownRam(0x10, 0x1008, 1);
    world.watch(new Diary());
    vcpu.store(0x10000, 4, 5);
    vcpu.load(0x10000, 8);
    vcpu.compareAndSwap(0x10000, 2, 5, 6);
    vcpu.compareAndSwap(0x10000, 2, 5, 7);
    vcpu.load(0x20000, 1);
    vcpu.compareAndSwap(0x20000, 1, 0, 1);
    vcpu.issue(20, 0, 77, 0);
    vcpu.takeHypercall();
    vcpu.setX(0, -14);
    vcpu.endHypercall();
    assertThat(told)
        .containsExactly(
            "w32 0x10000 5", "r64 0x10000 5", "r16 0x10000 5", "w16 0x10000 6", "r16 0x10000 6", "r8 0x20000 0 aborted", "w8 0x20000 1 aborted",
            "hypercall 20 77", "returned -14");
  }

  @Test
  void whoDoesNotWatchCloselyIsToldOfNone() {
    domain.ownRam(0x10, 0x1008, 1);
    world.watch(new Diary());
    world.watch(Trace.NONE);
    vcpu.store(0x10000, 4, 5);
    assertThat(told).isEmpty();
  }
}
