package org.xenarium.emulator;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;

/** Small machines to run. */
final class Machines {
  private Machines() {}

  /** A machine of two domains with two vCPUs each, every one with a {@link Worker}. */
  static Machine working(long seed) {
    Machine machine = Machine.builder().memory(0x1000, 64).seed(seed).build();
    for (int id = 1; id <= 2; id++) {
      Domain domain = machine.createDomain(DomainConfig.guest(id, 6).withVcpus(2));
      domain.ownRam(Worker.RAM, 0x1000 + 8L * id, 2);
      machine.start(domain.vcpu(0), new Worker(7));
      machine.start(domain.vcpu(1), new Worker(5));
    }
    return machine;
  }

  /** A machine of one domain with that many vCPUs. */
  static Machine idle(int vcpus) {
    Machine machine = Machine.builder().memory(0x1000, 64).build();
    machine.createDomain(DomainConfig.guest(1, 8).withVcpus(vcpus)).ownRam(Worker.RAM, 0x1000, 2);
    return machine;
  }
}
