package org.xenarium.scenarios.replay;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.memory.MachineMemory;

/**
 * Which recorded machine frame is which of ours, where the recording machine's choice cannot be known beforehand. Learned once for each frame
 * and compared from then on; no two frames of one side are the same one of the other.
 */
final class LearnedFrames {
  private final Map<Long, Long> recordedByOurs = new HashMap<>();
  private final Map<Long, Long> oursByRecorded = new HashMap<>();
  private long count;

  /**
   * True when {@code recorded} is what our frame was learned to be; on its first appearance that is learned.
   */
  boolean agree(long ours, long recorded) {
    Long before = recordedByOurs.get(ours);
    if (before != null) {
      return before == recorded;
    }
    if (oursByRecorded.containsKey(recorded)) {
      return false;
    }
    recordedByOurs.put(ours, recorded);
    oursByRecorded.put(recorded, ours);
    count++;
    return true;
  }

  /** What our frame was learned to be. */
  @Nullable Long recorded(long ours) {
    return recordedByOurs.get(ours);
  }

  /** Which of our frames a recorded one was learned to be. */
  @Nullable Long ours(long recorded) {
    return oursByRecorded.get(recorded);
  }

  /** How many frames were ever learned. */
  long count() {
    return count;
  }

  /** Frames of ours that are free now may be any recorded ones when somebody gets them again. */
  void forgetFreed(MachineMemory memory) {
    recordedByOurs.keySet().removeIf(ours -> memory.owner(ours) < 0);
    oursByRecorded.values().removeIf(ours -> memory.owner(ours) < 0);
  }

  /** Our frame was given to somebody anew: which recorded one it is now, is open again. */
  void forget(long ours) {
    Long recorded = recordedByOurs.remove(ours);
    if (recorded != null) {
      oursByRecorded.remove(recorded);
    }
  }
}
