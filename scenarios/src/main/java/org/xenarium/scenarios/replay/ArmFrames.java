package org.xenarium.scenarios.replay;

import org.xenarium.emulator.Machine;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.scenarios.recording.ArmHeader;

/**
 * Translates machine addresses between a recording and the machine. RAM that the header places is the same on both sides; any other frame is
 * learned when a map shows it.
 */
final class ArmFrames {
  private final Machine machine;
  private final ArmHeader header;
  private final LearnedFrames learned;

  ArmFrames(Machine machine, ArmHeader header, LearnedFrames learned) {
    this.machine = machine;
    this.header = header;
    this.learned = learned;
  }

  /** Is the address that was recorded the one of our frame? */
  boolean agree(long ours, long recorded) {
    long mfn = ours >>> MachineMemory.PAGE_SHIFT;
    long recordedMfn = recorded >>> MachineMemory.PAGE_SHIFT;
    // Placed RAM that was given back may have become anything, such as a grant frame.
    boolean recordedIsKnown = isPlaced(recordedMfn) && machine.world().memory().owner(recordedMfn) >= 0;
    if (isPlaced(mfn) || recordedIsKnown) {
      return ours == recorded;
    }
    Long before = learned.ours(recordedMfn);
    if (before != null && machine.world().memory().owner(before) < 0) {
      // Our frame was freed, so the recorded one was too and may be another page by now.
      learned.forget(before);
    }
    long page = MachineMemory.PAGE_SIZE - 1;
    return (ours & page) == (recorded & page) && learned.agree(mfn, recordedMfn);
  }

  /** What a recorded machine address is here. Where nothing is known of it, nobody owns it: then it is an address of a free frame. */
  long ours(long recorded) {
    long mfn = recorded >>> MachineMemory.PAGE_SHIFT;
    MachineMemory memory = machine.world().memory();
    Long known = learned.ours(mfn);
    if (known == null && (isPlaced(mfn) || !memory.isValid(mfn))) {
      return recorded;
    }
    long frame = known != null ? known : memory.firstFree();
    return (frame << MachineMemory.PAGE_SHIFT) | (recorded & (MachineMemory.PAGE_SIZE - 1));
  }

  /** Does the header say where the frame lies? */
  private boolean isPlaced(long mfn) {
    for (long base : header.machineRamBase().values()) {
      long first = base >>> MachineMemory.PAGE_SHIFT;
      if (mfn >= first && mfn < first + ArmSetup.pages(header)) {
        return true;
      }
    }
    return false;
  }
}
