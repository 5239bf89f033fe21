package org.xenarium.emulator;

import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.emulator.state.Digest;

/**
 * Guest code for tests: counts in a word that all vCPUs of its domain share, has pages given to it and gives them back, notes what the
 * calls answered, and sleeps for as long as the machine's generator says. Needs two pages of RAM at {@link #RAM}.
 */
public final class Worker extends Routine {
  public static final long RAM = 0x40000;
  private static final long BASE = RAM << MachineMemory.PAGE_SHIFT;
  private static final int EXTENTS = 3;

  private enum Phase { COUNT, ISSUE, NOTE }

  private Phase next = Phase.COUNT;
  private int rounds;

  public Worker(int rounds) {
    this.rounds = rounds;
  }

  /** How often the domain's workers have counted. */
  public static long counted(Vcpu vcpu) {
    return vcpu.load(BASE, 8);
  }

  /** What the last call of this vCPU's worker answered. */
  public static long noted(Vcpu vcpu) {
    return vcpu.load(BASE + 8 + 8L * vcpu.id(), 8);
  }

  @Override
  public boolean step(Vcpu vcpu) {
    switch (next) {
      case COUNT -> {
        vcpu.store(BASE, 8, vcpu.load(BASE, 8) + 1);
        next = Phase.ISSUE;
      }
      case ISSUE -> {
        issue(vcpu);
        next = Phase.NOTE;
      }
      case NOTE -> {
        vcpu.store(BASE + 8 + 8L * vcpu.id(), 8, vcpu.x(0));
        vcpu.sleep(vcpu.world().generator().nextInt() % 1000);
        rounds--;
        next = Phase.COUNT;
      }
    }
    return rounds > 0;
  }

  private void issue(Vcpu vcpu) {
    long argument = BASE + MachineMemory.PAGE_SIZE + 128L * vcpu.id();
    long list = argument + 64;
    for (int i = 0; i < EXTENTS; i++) {
      vcpu.store(list + 8L * i, 8, RAM + 0x100 + (long) vcpu.id() * EXTENTS + i);
    }
    vcpu.store(argument + MemoryAbi.RESERVATION_EXTENT_START, 8, list);
    vcpu.store(argument + MemoryAbi.RESERVATION_NR_EXTENTS, 8, EXTENTS);
    vcpu.store(argument + MemoryAbi.RESERVATION_DOMID, 2, vcpu.domain().id());
    vcpu.issue(MemoryAbi.HYPERCALL, (rounds & 1) == 0 ? MemoryAbi.POPULATE_PHYSMAP : MemoryAbi.DECREASE_RESERVATION, argument, 0);
  }

  @Override
  public void digest(Digest digest) {
    digest.add(next.ordinal()).add(rounds);
  }
}
