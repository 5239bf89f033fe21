package org.xenarium.scenarios.replay;

import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.semantics.Semantics;
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
    return play(file, listener, UnaryOperator.identity(), Trace.NONE);
  }

  /**
   * As {@link #play(Path, Listener)}, on another Xen.
   *
   * @param instead is given the Xen that the recording was made on, and says which one to play it on
   * @param watcher is told of every rule that decides
   */
  public static ReplayResult play(Path file, Listener listener, UnaryOperator<Semantics> instead, Trace watcher)
      throws RecordingException, UnplayableException {
    return play(file, listener, instead, watcher, machine -> {});
  }

  /** As the other, and {@code prepare} is given the machine before its first operation, to watch its invariants, say. */
  public static ReplayResult play(
      Path file, Listener listener, UnaryOperator<Semantics> instead, Trace watcher, Consumer<Machine> prepare)
      throws RecordingException, UnplayableException {
    try (RecordingReader reader = RecordingReader.open(file)) {
      return switch (reader) {
        case ArmReader arm -> new ArmPlayer(file.toString(), arm, listener, instead, watcher, prepare).play();
        case CoreReader core -> new CorePlayer(file.toString(), core, listener, instead, watcher, prepare).play();
      };
    }
  }
}
