package org.xenarium.scenarios.replay;

import java.util.HashSet;
import java.util.Set;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.scenarios.recording.CoreDomain;
import org.xenarium.scenarios.recording.CoreHeader;

/**
 * Translates machine frames between a recording of the xen-core format and the machine: those of the header are the same on both sides, as are
 * those without memory; frames of Xen's own heap are learned.
 */
final class CoreFrames {
  private final Machine machine;
  private final Set<Long> declared = new HashSet<>();
  private final LearnedFrames learned = new LearnedFrames();

  CoreFrames(Machine machine, CoreHeader header) {
    this.machine = machine;
    for (CoreDomain domain : header.domains()) {
      declared.addAll(domain.pages());
    }
  }

  long learned() {
    return learned.count();
  }

  /** To be told after each operation: what it freed is not what it was any more. */
  void forgetFreed() {
    learned.forgetFreed(machine.world().memory());
  }

  boolean agree(long ours, long recorded) {
    return isFixed(ours) || isFixed(recorded) ? ours == recorded : learned.agree(ours, recorded);
  }

  /** What a recorded machine address is here; an address of a free frame where nobody owns it. */
  long ours(long recorded) {
    long mfn = recorded >>> MachineMemory.PAGE_SHIFT;
    Long known = learned.ours(mfn);
    if (known == null && isFixed(mfn)) {
      return recorded;
    }
    long frame = known != null ? known : machine.world().memory().firstFree();
    return (frame << MachineMemory.PAGE_SHIFT) | (recorded & (MachineMemory.PAGE_SIZE - 1));
  }

  private boolean isFixed(long mfn) {
    return declared.contains(mfn) || !machine.world().memory().isValid(mfn);
  }
}
