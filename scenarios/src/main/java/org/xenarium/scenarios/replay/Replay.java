package org.xenarium.scenarios.replay;

import java.nio.file.Path;
import org.xenarium.scenarios.recording.ArmReader;
import org.xenarium.scenarios.recording.CoreReader;
import org.xenarium.scenarios.recording.RecordingException;
import org.xenarium.scenarios.recording.RecordingReader;

/** Replay of one recording, whichever format it has. */
public final class Replay {
  private Replay() {}

  /** Plays a recording up to its end or to the first difference. */
  public static ReplayResult play(Path file, Listener listener) throws RecordingException, UnplayableException {
    try (RecordingReader reader = RecordingReader.open(file)) {
      return switch (reader) {
        case ArmReader arm -> new ArmPlayer(file.toString(), arm, listener).play();
        case CoreReader core -> new CorePlayer(file.toString(), core, listener).play();
      };
    }
  }
}
