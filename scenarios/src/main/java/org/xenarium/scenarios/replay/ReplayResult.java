package org.xenarium.scenarios.replay;

import java.util.Optional;

/**
 * How the replay of one recording ended.
 *
 * @param operations recorded operations that were played, the differing one included
 * @param learned values that cannot be known beforehand and were taken from the recording
 */
public record ReplayResult(long operations, long learned, Optional<Difference> difference) {
  public boolean passed() {
    return difference.isEmpty();
  }
}
