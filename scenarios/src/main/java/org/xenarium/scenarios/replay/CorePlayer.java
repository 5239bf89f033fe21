package org.xenarium.scenarios.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.hypercall.NotEmulatedException;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.emulator.state.Generator;
import org.xenarium.emulator.trace.Trace;
import org.xenarium.scenarios.recording.CoreHeader;
import org.xenarium.scenarios.recording.CoreLine;
import org.xenarium.scenarios.recording.CoreReader;
import org.xenarium.scenarios.recording.RecordingException;

/** Plays a recording of the xen-core format line by line and compares answers and hidden state after each. */
final class CorePlayer {
  private final String file;
  private final CoreReader reader;
  private final CoreHeader header;
  private final Listener listener;
  private final UnaryOperator<Semantics> instead;
  private final DecisionLog log;
  private final Consumer<Machine> prepare;
  private final CoreLine line = new CoreLine();
  private final CoreAnswer answer = new CoreAnswer();
  private long operations;
  private long drawn;

  CorePlayer(
      String file, CoreReader reader, Listener listener, UnaryOperator<Semantics> instead, Trace watcher, Consumer<Machine> prepare) {
    this.prepare = prepare;
    this.file = file;
    this.reader = reader;
    this.header = reader.header();
    this.listener = listener;
    this.instead = instead;
    log = new DecisionLog(watcher);
  }

  ReplayResult play() throws RecordingException, UnplayableException {
    Machine machine = CoreSetup.machine(file, header, instead);
    machine.world().watch(log);
    prepare.accept(machine);
    CoreFrames frames = new CoreFrames(machine, header);
    CoreGuest guest = new CoreGuest(machine, frames);
    CoreComparison comparison = new CoreComparison(machine, frames);
    CoreState state = new CoreState(machine, frames, guest);
    List<CoreExpectation> expectations = new ArrayList<>(header.domains().stream().map(CoreExpectation::new).toList());
    Difference difference = null;
    while (difference == null && reader.next(line)) {
      applyChanges(expectations);
      if (!line.skip()) {
        operations++;
        difference = playLine(machine, guest, comparison);
        frames.forgetFreed();
      }
      if (difference == null) {
        difference = compareState(expectations, state, comparison);
      }
    }
    return new ReplayResult(operations, frames.learned() + drawn, Optional.ofNullable(difference));
  }

  private void applyChanges(List<CoreExpectation> expectations) {
    for (int i = 0; i < line.stateCount(); i++) {
      int dom = line.state(i).dom();
      for (CoreExpectation expected : expectations) {
        if (expected.declared.id() == dom) {
          expected.apply(line.state(i));
        }
      }
    }
  }

  private @Nullable Difference playLine(Machine machine, CoreGuest guest, CoreComparison comparison) throws UnplayableException {
    if (machine.world().domain(line.dom()) == null) {
      throw new UnplayableException(file, line.lineNumber(), "domain " + line.dom() + " acts although it has disappeared");
    }
    log.clear();
    Generator generator = machine.world().generator();
    generator.feed(random());
    try {
      guest.play(line, answer);
    } catch (NotEmulatedException e) {
      throw new UnplayableException(file, line.lineNumber(), String.valueOf(e.getMessage()));
    }
    listener.played(line.lineNumber(), new CoreText(line), log::all);
    drawn += line.rand().rows();
    if (generator.drawn() != line.rand().rows()) {
      return comparison.difference(
          line, 0, "rand", line.rand().rows() + " numbers drawn", generator.drawn() + " numbers drawn", log);
    }
    return comparison.compare(line, answer, log);
  }

  private long[] random() {
    long[] values = new long[line.rand().rows()];
    for (int i = 0; i < values.length; i++) {
      values[i] = line.rand().get(i);
    }
    return values;
  }

  private @Nullable Difference compareState(List<CoreExpectation> expectations, CoreState state, CoreComparison comparison) {
    for (CoreExpectation expected : expectations) {
      Mismatch mismatch = state.compare(expected);
      if (mismatch != null) {
        return comparison.difference(line, 0, mismatch.field(), mismatch.expected(), mismatch.actual(), log);
      }
    }
    return null;
  }
}
