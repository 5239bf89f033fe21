package org.xenarium.gnttab.driver;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.MemoryConfig;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.emulator.trace.Trace;
import org.xenarium.gnttab.Gnttab;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.MapFlags;
import org.xenarium.gnttab.abi.MapLayout;
import org.xenarium.gnttab.abi.UnmapLayout;
import org.xenarium.gnttab.invariant.Invariants;
import org.xenarium.gnttab.kit.Indisciplines;
import org.xenarium.gnttab.table.GrantLimits;

/**
 * Guests with drivers: domain 1 grants, domain 2 maps, and domain 3 looks on. Each has 64 pages of RAM from 0x40000000: one for pointers, two
 * of stack, two for arrays, pages to grant from 0x40010000, a heap of 24 pages from 0x40020000. There is one extended region.
 */
final class DriverBench {
  static final int GRANTER = 1;
  static final int MAPPER = 2;
  static final int THIRD = 3;
  static final long RAM_GFN = 0x40000;
  static final long POINTERS = 0x40000000L;
  static final long STACK = 0x40001000L;
  static final long ARRAYS = 0x40003000L;
  static final long UNMAPS = ARRAYS + 0x800;
  static final long PAGE_GFN = RAM_GFN + 16;
  static final long HEAP = 0x40020000L;
  static final int HEAP_PAGES = 24;
  static final long PAGES = 64;
  static final long TABLE = 0x38000000L;
  static final long REGION = 0x50000000L;
  static final long REGION_SIZE = 0x4000000L;
  static final Region REGION_1 = new Region(REGION, REGION_SIZE);

  final Machine machine;

  /** What drivers said since the start, and how many outcomes hypercalls had. */
  final List<Rule> said = new ArrayList<>();

  final List<Rule> hypercalls = new ArrayList<>();

  /** Which rules of discipline the guests have broken; a violated invariant ends the test. */
  final Indisciplines indisciplines = new Indisciplines();

  /** Drivers as promised. */
  DriverBench() {
    this(config -> config);
  }

  /** Drivers of another configuration in domains 1 to 3; RAM is not direct-mapped, and may grow by 16 pages. */
  DriverBench(UnaryOperator<DriverConfig> configure) {
    this(configure, false, PAGES + 16, GrantLimits.DEFAULT);
  }

  /**
   * Drivers of another configuration.
   *
   * @param directMapped of the mapper
   * @param maxPages how many pages each domain may own
   */
  DriverBench(UnaryOperator<DriverConfig> configure, boolean directMapped, long maxPages, GrantLimits limits) {
    machine =
        Machine.builder().semantics(Semantics.baseline(SecurityPolicy.DUMMY)).memory(0x40000, 1024).module(new Gnttab()).build();
    machine.world().watch(watcher());
    DriverConfig config = configure.apply(DriverConfig.of(TABLE, STACK, REGION_1).withHeap(HEAP, HEAP_PAGES));
    for (int id : List.of(GRANTER, MAPPER, THIRD)) {
      MemoryConfig memory = MemoryConfig.ORDINARY.withDirectMapped(directMapped && id == MAPPER);
      DomainConfig guest = DomainConfig.guest(id, maxPages).withVcpus(2).withMemory(memory);
      Domain domain = machine.createDomain(guest.with(GrantLimits.class, limits));
      domain.ownRam(RAM_GFN, 0x40000 + PAGES * (id == MAPPER ? 0 : id), PAGES);
      GrantDriver.install(domain, config);
      if (config.enabled()) {
        run(domain.vcpu(0), new InitDriver());
      }
    }
    Invariants.watch(machine, Invariants.ALL, indisciplines);
  }

  private Trace watcher() {
    return new Trace() {
      @Override
      public void decided(int domid, int vcpu, long element, Rule rule) {
        hypercalls.add(rule);
      }

      @Override
      public void guest(int domid, int vcpu, Rule rule, long value) {
        said.add(rule);
      }
    };
  }

  Vcpu granter() {
    return machine.domain(GRANTER).vcpu(0);
  }

  Vcpu mapper() {
    return machine.domain(MAPPER).vcpu(0);
  }

  GrantDriver driver(Vcpu vcpu) {
    return GrantDriver.of(vcpu.domain());
  }

  /** Runs guest code alone, to its end or until it waits, and returns what it left in x0. */
  long run(Vcpu vcpu, Routine guest) {
    vcpu.setGuest(guest);
    while (machine.enabled(vcpu) && machine.step(vcpu)) {}
    return vcpu.x(0);
  }

  // Single calls.

  /** The granter grants a page to the mapper. */
  int grant(long gfn) {
    return (int) run(granter(), new GrantAccess(MAPPER, gfn, false));
  }

  long end(int ref) {
    return run(granter(), new EndAccess(ref));
  }

  /** Writes a map element of the mapper, with a status that no hypervisor gives. */
  void mapElement(int index, long address, int ref) {
    Vcpu vcpu = mapper();
    long at = ARRAYS + (long) index * MapLayout.SIZE;
    vcpu.store(at + MapLayout.HOST_ADDR, 8, address);
    vcpu.store(at + MapLayout.FLAGS, 4, MapFlags.HOST_MAP);
    vcpu.store(at + MapLayout.REF, 4, ref);
    vcpu.store(at + MapLayout.DOM, 2, GRANTER);
    vcpu.store(at + MapLayout.STATUS, 2, 0x77);
  }

  long mapRefs(int count) {
    return run(mapper(), new MapRefs(ARRAYS, count));
  }

  int mapStatus(int index) {
    return (short) mapper().load(ARRAYS + (long) index * MapLayout.SIZE + MapLayout.STATUS, 2);
  }

  int handle(int index) {
    return (int) mapper().load(ARRAYS + (long) index * MapLayout.SIZE + MapLayout.HANDLE, 4);
  }

  /** Maps one reference of the granter with the driver. */
  boolean map(int ref, long address) {
    mapElement(0, address, ref);
    return mapRefs(1) == 0 && mapStatus(0) == 0;
  }

  /** Writes an unmap element of the mapper. */
  void unmapElement(int index, long address, int handle) {
    Vcpu vcpu = mapper();
    long at = UNMAPS + (long) index * UnmapLayout.SIZE;
    vcpu.store(at + UnmapLayout.HOST_ADDR, 8, address);
    vcpu.store(at + UnmapLayout.DEV_BUS_ADDR, 8, 0);
    vcpu.store(at + UnmapLayout.HANDLE, 4, handle);
    vcpu.store(at + UnmapLayout.STATUS, 2, 0x77);
  }

  /** Hands over what the driver wants: unmap elements or, in old versions, the map elements. */
  long unmapRefs(int count) {
    boolean old = driver(mapper()).has(DriverDifference.MAP_STRUCTS_UNMAPPED);
    return run(mapper(), new UnmapRefs(old ? ARRAYS : UNMAPS, count));
  }

  int unmapStatus(int index) {
    return (short) mapper().load(UNMAPS + (long) index * UnmapLayout.SIZE + UnmapLayout.STATUS, 2);
  }

  /** Unmaps by hypercall, without the driver. */
  void unmapRaw(long address, int handle) {
    unmapElement(0, address, handle);
    machine.call(mapper(), GnttabOp.HYPERCALL, GnttabOp.UNMAP_GRANT_REF, UNMAPS, 1);
  }

  long getPages(int count) {
    return run(mapper(), new GetPages(count));
  }

  long putPages(long start, int count) {
    return run(mapper(), new PutPages(start, count));
  }

  // Interleaving.

  /** Lets vCPUs take steps in the order of a drawn list, then in turn, until none can go on. */
  void interleave(List<Integer> schedule, List<Vcpu> vcpus, Runnable beforeStep) {
    int position = 0;
    for (int steps = 0; steps < 20_000; steps++) {
      int choice = position < schedule.size() ? schedule.get(position) : position;
      position++;
      Vcpu vcpu = nextEnabled(vcpus, choice);
      if (vcpu == null) {
        return;
      }
      beforeStep.run();
      machine.step(vcpu);
    }
  }

  private Vcpu nextEnabled(List<Vcpu> vcpus, int choice) {
    for (int i = 0; i < vcpus.size(); i++) {
      Vcpu vcpu = vcpus.get(Math.floorMod(choice + i, vcpus.size()));
      if (machine.enabled(vcpu)) {
        return vcpu;
      }
    }
    return null;
  }
}
