package org.xenarium.scenarios.replay;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.trace.Trace;
import org.xenarium.scenarios.recording.ArmReader;
import org.xenarium.scenarios.recording.CoreReader;
import org.xenarium.scenarios.recording.RecordingException;
import org.xenarium.scenarios.recording.RecordingReader;

/** Replay of one recording, whichever format it has. */
public final class Replay {
  private Replay() {}

  /** Plays a recording up to its end or to the first difference. */
  public static ReplayResult play(Path file, Listener listener) throws RecordingException, UnplayableException {
    return play(file, listener, Trace.NONE);
  }

  /** As {@link #play(Path, Listener)}, and {@code watcher} is told of every rule that decides. */
  public static ReplayResult play(Path file, Listener listener, Trace watcher) throws RecordingException, UnplayableException {
    return play(file, listener, watcher, machine -> {});
  }

  /** As {@link #play(Path, Listener, Trace)}, and {@code prepare} is given the machine before its first operation, to watch its invariants, say. */
  public static ReplayResult play(Path file, Listener listener, Trace watcher, Consumer<Machine> prepare)
      throws RecordingException, UnplayableException {
    try (RecordingReader reader = RecordingReader.open(file)) {
      return switch (reader) {
        case ArmReader arm -> new ArmPlayer(file.toString(), arm, listener, watcher, prepare).play();
        case CoreReader core -> new CorePlayer(file.toString(), core, listener, watcher, prepare).play();
      };
    }
  }
}
