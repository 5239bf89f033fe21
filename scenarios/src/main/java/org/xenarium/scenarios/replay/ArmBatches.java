package org.xenarium.scenarios.replay;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xenarium.scenarios.recording.ArmLine;
import org.xenarium.scenarios.recording.ArmReader;
import org.xenarium.scenarios.recording.RecordingException;

/**
 * The lines of an arm64 recording in the order in which they are played: the lines of a batch together, where its first one stands, because
 * the guest printed them one by one after the call and lines of other domains may have come in between.
 */
final class ArmBatches {
  /** After so many lines of other domains a batch counts as ended. */
  private static final int FARTHEST = 4096;

  private final String file;
  private final ArmReader reader;
  private final Deque<ArmLine> ahead = new ArrayDeque<>();
  private final Deque<ArmLine> spare = new ArrayDeque<>();
  private final Map<Integer, Long> lastBatch = new HashMap<>();
  private boolean ended;

  ArmBatches(String file, ArmReader reader) {
    this.file = file;
    this.reader = reader;
  }

  /** Fills {@code group} with the next line, or with all lines of the next batch; false at the end. */
  boolean next(List<ArmLine> group) throws RecordingException, UnplayableException {
    spare.addAll(group);
    group.clear();
    ArmLine first = ahead.isEmpty() ? read() : ahead.poll();
    if (first == null) {
      return false;
    }
    group.add(first);
    if (first.batch() >= 0) {
      Long before = lastBatch.put(first.dom(), first.batch());
      if (before != null && before == first.batch()) {
        throw new UnplayableException(
            file, first.lineNumber(), "batch " + first.batch() + " goes on after " + FARTHEST + " lines of other domains");
      }
      addRest(first, group);
    }
    return true;
  }

  private void addRest(ArmLine first, List<ArmLine> group) throws RecordingException, UnplayableException {
    List<ArmLine> others = new ArrayList<>();
    while (true) {
      ArmLine line = ahead.isEmpty() ? read() : ahead.poll();
      if (line != null && line.dom() == first.dom() && line.batch() == first.batch()) {
        group.add(line);
        continue;
      }
      if (line != null) {
        others.add(line);
      }
      if (line == null || line.dom() == first.dom()) {
        break;
      }
      if (others.size() > FARTHEST) {
        break;
      }
    }
    for (int i = others.size() - 1; i >= 0; i--) {
      ahead.addFirst(others.get(i));
    }
  }

  private @Nullable ArmLine read() throws RecordingException {
    if (ended) {
      return null;
    }
    ArmLine line = spare.isEmpty() ? new ArmLine() : spare.poll();
    if (!reader.next(line)) {
      ended = true;
      return null;
    }
    return line;
  }
}
