package org.xenarium.gnttab.driver;

import java.util.List;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.physmap.ExtendedRegions;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.gnttab.Gnttab;

/** Two guests with drivers: domain 1 grants, domain 2 maps. Each has 64 pages of RAM from 0x40000000 and one extended region. */
final class DriverBench {
  static final int GRANTER = 1;
  static final int MAPPER = 2;
  static final long RAM_GFN = 0x40000;
  static final long PAGE_GFN = RAM_GFN + 16;
  static final long STACK = 0x40001000L;
  static final long ARRAYS = 0x40002000L;
  static final long REGION = 0x50000000L;
  static final long REGION_SIZE = 0x4000000L;
  private static final long PAGES = 64;

  final Machine machine;

  DriverBench() {
    machine =
        Machine.builder().semantics(Semantics.baseline(SecurityPolicy.DUMMY)).memory(0x40000, 1024).module(new Gnttab()).build();
    for (int id : List.of(GRANTER, MAPPER)) {
      Domain domain = machine.createDomain(DomainConfig.guest(id, PAGES).withVcpus(2));
      domain.ownRam(RAM_GFN, 0x40000 + PAGES * id, PAGES);
      GrantDriver.install(domain, new GrantDriver.Layout(0x38000000L, 1, STACK, ExtendedRegions.of(REGION, REGION_SIZE)));
      run(domain.vcpu(0), new InitDriver());
    }
  }

  Vcpu granter() {
    return machine.domain(GRANTER).vcpu(0);
  }

  Vcpu mapper() {
    return machine.domain(MAPPER).vcpu(0);
  }

  /** Runs guest code alone to its end and returns what it left in x0. */
  long run(Vcpu vcpu, Routine guest) {
    vcpu.setGuest(guest);
    while (machine.step(vcpu)) {}
    return vcpu.x(0);
  }

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
