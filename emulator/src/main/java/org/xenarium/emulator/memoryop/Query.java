package org.xenarium.emulator.memoryop;

import static org.xenarium.emulator.memoryop.MemoryRule.QRY_01;
import static org.xenarium.emulator.memoryop.MemoryRule.QRY_02;
import static org.xenarium.emulator.memoryop.MemoryRule.QRY_03;
import static org.xenarium.emulator.memoryop.MemoryRule.QRY_04;
import static org.xenarium.emulator.memoryop.MemoryRule.QRY_05;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.state.Digest;

/** maximum_ram_page, current_reservation, maximum_reservation, maximum_gpfn (spec §6.3): one step. */
final class Query extends Routine {
  @Override
  public boolean step(Vcpu vcpu) {
    MemoryRule rule = answer(vcpu);
    vcpu.decided(0, rule);
    if (rule != QRY_05) {
      vcpu.setX(0, rule.result());
    }
    return false;
  }

  private static MemoryRule answer(Vcpu vcpu) {
    Domain caller = vcpu.domain();
    byte[] scratch = vcpu.world().host().scratch;
    if (MemoryOp.startExtent(vcpu) != 0) {
      return QRY_01;
    }
    int operation = MemoryOp.operation(vcpu);
    if (operation == MemoryAbi.MAXIMUM_RAM_PAGE) {
      MachineMemory memory = vcpu.world().memory();
      vcpu.setX(0, memory.firstMfn() + memory.frameCount());
      return QRY_05;
    }
    if (!GuestBuffers.read(caller, vcpu.x(1), scratch, 0, MemoryAbi.QUERY_SIZE)) {
      return QRY_02;
    }
    Domain target = vcpu.world().domainOrSelf(Bytes.getShort(scratch, MemoryAbi.QUERY_DOMID), caller);
    if (target == null) {
      return QRY_03;
    }
    if (!caller.mayActOn(target)) {
      return QRY_04;
    }
    vcpu.setX(
        0,
        switch (operation) {
          case MemoryAbi.CURRENT_RESERVATION -> target.totPages();
          case MemoryAbi.MAXIMUM_RESERVATION -> target.maxPages();
          default -> target.physmap().maxMapped();
        });
    return QRY_05;
  }

  @Override
  public void digest(Digest digest) {
    digest.add(MemoryAbi.CURRENT_RESERVATION);
  }
}
