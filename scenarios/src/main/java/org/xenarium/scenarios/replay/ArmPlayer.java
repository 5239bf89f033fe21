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
import org.xenarium.emulator.trace.Trace;
import org.xenarium.scenarios.recording.ArmHeader;
import org.xenarium.scenarios.recording.ArmLine;
import org.xenarium.scenarios.recording.ArmOperation;
import org.xenarium.scenarios.recording.ArmReader;
import org.xenarium.scenarios.recording.RecordingException;

/** Plays a recording of the arm64 format line by line. */
final class ArmPlayer {
  private final String file;
  private final ArmBatches batches;
  private final ArmHeader header;
  private final Listener listener;
  private final UnaryOperator<Semantics> instead;
  private final DecisionLog log;
  private final Consumer<Machine> prepare;
  private final List<ArmAnswer> answers = new ArrayList<>();
  private final List<ArmAnswer> twinAnswers = new ArrayList<>();
  private long operations;

  ArmPlayer(
      String file, ArmReader reader, Listener listener, UnaryOperator<Semantics> instead, Trace watcher, Consumer<Machine> prepare) {
    this.prepare = prepare;
    this.file = file;
    this.header = reader.header();
    this.listener = listener;
    this.instead = instead;
    log = new DecisionLog(watcher);
    batches = new ArmBatches(file, reader);
  }

  ReplayResult play() throws RecordingException, UnplayableException {
    Machine machine = ArmSetup.machine(file, header, instead);
    machine.world().watch(log);
    prepare.accept(machine);
    ArmUnknowns unknowns = new ArmUnknowns(machine, header);
    ArmFrames frames = new ArmFrames(machine, header, unknowns.frames());
    ArmComparison comparison = new ArmComparison(machine, unknowns, frames);
    ArmGuest guest = new ArmGuest(machine, frames);
    List<ArmLine> group = new ArrayList<>();
    Difference difference = null;
    while (difference == null && batches.next(group)) {
      log.clear();
      prepare(group.size());
      boolean twin = playGroup(guest, group, unknowns, frames);
      difference = compare(machine, group, comparison, twin);
    }
    return new ReplayResult(operations, comparison.learned(), Optional.ofNullable(difference));
  }

  private void prepare(int size) {
    while (answers.size() < size) {
      answers.add(new ArmAnswer());
      twinAnswers.add(new ArmAnswer());
    }
  }

  /** Plays a line or a batch, on the twin too where there is one; says whether there was. */
  private boolean playGroup(ArmGuest guest, List<ArmLine> group, ArmUnknowns unknowns, ArmFrames frames) throws UnplayableException {
    if (group.size() * group.get(0).operation().structSize() > ArmGuest.BATCH_SIZE) {
      throw new UnplayableException(
          file, group.get(0).lineNumber(), "a batch of " + group.size() + " lines does not fit the memory of the guest program");
    }
    if (group.get(0).inCount() == 0 && !group.get(0).operation().in().isEmpty() && !group.get(0).hasResults()) {
      throw new UnplayableException(
          file, group.get(0).lineNumber(), "an operation that never came back can only be played with its \"in\"");
    }
    try {
      guest.play(group, answers);
      Machine twin = unknowns.twin();
      if (twin != null) {
        new ArmGuest(twin, frames).play(group, twinAnswers);
      }
      unknowns.allocated(log.allocated());
      return twin != null;
    } catch (NotEmulatedException e) {
      throw new UnplayableException(file, group.get(0).lineNumber(), String.valueOf(e.getMessage()));
    }
  }

  /** What decided a line: of a batch its element, of a loop its last turn. */
  private List<Decision> decisions(ArmLine line, int groupSize, int element) {
    if (line.operation().kind() == ArmOperation.Kind.LOOP) {
      List<Decision> all = log.all();
      return all.subList(Math.max(0, all.size() - 1), all.size());
    }
    return groupSize == 1 ? log.all() : log.of(element);
  }

  private @Nullable Difference compare(Machine machine, List<ArmLine> group, ArmComparison comparison, boolean twin) {
    for (int i = 0; i < group.size(); i++) {
      ArmLine line = group.get(i);
      operations++;
      int element = i;
      listener.played(line.lineNumber(), new ArmText(line), () -> decisions(line, group.size(), element));
      Mismatch mismatch = comparison.compare(line, answers.get(i), twin ? twinAnswers.get(i) : null);
      if (mismatch != null) {
        ArmText text = new ArmText(line);
        return new Difference(
            line.lineNumber(),
            text.toString(),
            mismatch.field(),
            mismatch.expected(),
            mismatch.actual(),
            decisions(line, group.size(), element),
            text.state(machine));
      }
    }
    return null;
  }
}
