package org.xenarium.gnttab.driver;

import static org.xenarium.gnttab.driver.DriverBench.ARRAYS;
import static org.xenarium.gnttab.driver.DriverBench.GRANTER;
import static org.xenarium.gnttab.driver.DriverBench.MAPPER;
import static org.xenarium.gnttab.driver.DriverBench.PAGE_GFN;
import static org.xenarium.gnttab.driver.DriverBench.REGION;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.fault.Fault;
import org.xenarium.emulator.fault.MemoryFault;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.emulator.trace.Trace;
import org.xenarium.gnttab.abi.GntStatus;
import org.xenarium.gnttab.op.MapFault;
import org.xenarium.gnttab.table.GrantLimits;

/** A run of driver calls by callers that keep to the documentation, under failures; every action is a drawn number. */
final class DriverRun {
  private record Mapping(int handle, long address) {}

  private record Pages(long base, int count) {}

  private final DriverBench bench;
  private final List<GuestViolation> violations = new ArrayList<>();
  private final List<Integer> refs = new ArrayList<>();
  private final List<Mapping> mappings = new ArrayList<>();
  private final List<Pages> pages = new ArrayList<>();

  /** The driver could not take back what it had done: it panics, and that is the end of the run. */
  private boolean undoFailed;

  DriverRun(DriverVersion version, boolean regions) {
    bench =
        new DriverBench(
            config -> regions ? config.withVersion(version) : config.withVersion(version).withRegions(),
            true,
            DriverBench.PAGES,
            GrantLimits.DEFAULT);
    GuestInvariants.watch(bench.machine, GuestInvariants.ALL, violations::add);
    bench.machine.world().watch(toUndo());
  }

  private Trace toUndo() {
    return new Trace() {
      @Override
      public void decided(int domid, int vcpu, long element, Rule rule) {}

      @Override
      public void guest(int domid, int vcpu, Rule rule, long value) {
        undoFailed |= rule == DriverRule.GETPG_06 || rule == DriverRule.PUTPG_11;
      }
    };
  }

  /** The numbers of what is violated so far; "panic" if a guest has panicked without need. */
  Set<String> violations() {
    Set<String> all = new TreeSet<>();
    violations.forEach(violation -> all.add(violation.invariant().id()));
    for (Vcpu vcpu : List.of(bench.granter(), bench.mapper())) {
      if (vcpu.isHalted()) {
        all.add("panic");
      }
    }
    return undoFailed ? Set.of() : all;
  }

  /** One call, chosen by a number. */
  void act(int number) {
    if (undoFailed) {
      return;
    }
    int what = number % 7;
    int how = number / 7;
    switch (what) {
      case 0 -> grant(how);
      case 1 -> end(how);
      case 2, 3 -> map(how);
      case 4 -> unmap(how);
      case 5 -> get(how);
      default -> put(how);
    }
  }

  private void grant(int how) {
    int ref = bench.grant(PAGE_GFN + how % 8);
    refs.add(ref);
  }

  private void end(int how) {
    if (!refs.isEmpty()) {
      int ref = refs.get(how % refs.size());
      long result = bench.end(ref);
      if (result == 0) {
        refs.remove((Integer) ref);
      }
    }
  }

  /** One to three elements at pages that were got, some of them with bad references, while the granter's pages may be out. */
  private void map(int how) {
    if (pages.isEmpty()) {
      return;
    }
    bench.machine.world().faults().add(Fault.of(MapFault.PAGE_IS_OUT, GRANTER).times(1 + how % 25));
    int count = 1 + how % 3;
    for (int i = 0; i < count; i++) {
      Pages place = pages.get((how / 3 + i) % pages.size());
      long address = place.base() + 4096L * ((how / 5 + i) % place.count());
      boolean good = !refs.isEmpty() && (how + i) % 4 != 0;
      bench.mapElement(i, address, good ? refs.get((how + i) % refs.size()) : 5000);
    }
    long result = bench.mapRefs(count);
    for (int i = 0; i < count && result == 0; i++) {
      if (bench.mapStatus(i) == GntStatus.OKAY) {
        mappings.add(new Mapping(bench.handle(i), bench.mapper().load(ARRAYS + 32L * i, 8)));
      }
    }
  }

  private void unmap(int how) {
    if (!mappings.isEmpty()) {
      Mapping mapping = mappings.get(how % mappings.size());
      boolean wrong = how % 5 == 0;
      bench.unmapElement(0, mapping.address(), wrong ? 200 : mapping.handle());
      bench.unmapRefs(1);
      if (bench.unmapStatus(0) == GntStatus.OKAY) {
        mappings.remove(mapping);
      }
    }
  }

  private void get(int how) {
    bench.machine.world().faults().add(Fault.of(MemoryFault.REMOVE_FROM_PHYSMAP, MAPPER).after(how % 8).times(1));
    int count = 1 + how % 3;
    long base = bench.getPages(count);
    if (base != 0) {
      pages.add(new Pages(base, count));
    }
  }

  private void put(int how) {
    bench.machine.world().faults().add(Fault.of(MemoryFault.POPULATE_PHYSMAP, MAPPER).after(how % 8).times(1));
    pages.stream()
        .filter(place -> mappings.stream().noneMatch(mapping -> (mapping.address() - place.base()) >>> 12 < place.count()))
        .findFirst()
        .ifPresent(
            place -> {
              if (bench.putPages(place.base(), place.count()) == 0) {
                pages.remove(place);
              }
            });
  }
}
