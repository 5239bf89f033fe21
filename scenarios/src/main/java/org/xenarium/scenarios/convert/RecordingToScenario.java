package org.xenarium.scenarios.convert;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.hypercall.NotEmulatedException;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.scenarios.play.Failure;
import org.xenarium.scenarios.play.Outcome;
import org.xenarium.scenarios.play.Player;
import org.xenarium.scenarios.play.UnplayableScenarioException;
import org.xenarium.scenarios.play.Watcher;
import org.xenarium.scenarios.recording.ArmHeader;
import org.xenarium.scenarios.recording.ArmLine;
import org.xenarium.scenarios.recording.ArmReader;
import org.xenarium.scenarios.recording.RecordingException;
import org.xenarium.scenarios.recording.RecordingReader;
import org.xenarium.scenarios.script.Actor;
import org.xenarium.scenarios.script.Area;
import org.xenarium.scenarios.script.Column;
import org.xenarium.scenarios.script.DomainSetup;
import org.xenarium.scenarios.script.Expectation;
import org.xenarium.scenarios.script.Expectation.How;
import org.xenarium.scenarios.script.Field;
import org.xenarium.scenarios.script.FieldType;
import org.xenarium.scenarios.script.MachineSetup;
import org.xenarium.scenarios.script.Naming;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Place;
import org.xenarium.scenarios.script.Scenario;
import org.xenarium.scenarios.script.Step;
import org.xenarium.scenarios.script.Value;

/**
 * Turns a recording of the arm64 format into a scenario: each line, or each batch, becomes a step that expects what was recorded. The scenario
 * is played before it is given away. A recording whose answers nobody can know beforehand would not pass, and is refused.
 */
public final class RecordingToScenario {
  private static final long MACHINE_PAGES = 0x40000;
  private static final long REACH = 1L << 36;

  private final String file;
  private final ArmHeader header;
  private final Map<Integer, String> domains = new LinkedHashMap<>();
  private final Naming naming;
  private final List<Step> steps = new ArrayList<>();

  /** Place {@code i} is the line of step {@code i}. */
  private final List<Integer> lines = new ArrayList<>();

  private RecordingToScenario(String file, ArmHeader header) {
    this.file = file;
    this.header = header;
    header.domains().forEach(id -> domains.put(id, String.valueOf((char) ('A' + domains.size()))));
    naming = new Naming(domains, ram(header));
  }

  /** The scenario of a recording. */
  public static Scenario convert(Path file) throws RecordingException, ConversionException {
    try (RecordingReader reader = RecordingReader.open(file)) {
      if (!(reader instanceof ArmReader arm)) {
        throw new ConversionException(file.toString(), 1, "recordings of the xen-core format show hidden state, which scenarios do not expect");
      }
      RecordingToScenario conversion = new RecordingToScenario(file.toString(), arm.header());
      conversion.read(arm);
      Scenario scenario = conversion.scenario();
      conversion.check(scenario);
      return scenario;
    }
  }

  private void read(ArmReader reader) throws RecordingException, ConversionException {
    List<ArmLine> batch = new ArrayList<>();
    ArmLine line = new ArmLine();
    while (reader.next(line)) {
      boolean goesOn = !batch.isEmpty() && line.batch() >= 0 && batch.get(0).batch() == line.batch() && batch.get(0).dom() == line.dom();
      if (!batch.isEmpty() && !goesOn) {
        add(batch);
        batch = new ArrayList<>();
      }
      batch.add(line);
      line = new ArmLine();
    }
    if (!batch.isEmpty()) {
      add(batch);
    }
  }

  private void add(List<ArmLine> batch) throws ConversionException {
    ArmLine first = batch.get(0);
    Operation operation = Operation.named(first.operation().recordedName());
    if (operation == null) {
      throw new ConversionException(file, first.lineNumber(), "scenarios have no operation " + first.operation().recordedName());
    }
    if (first.crash() || first.inCount() == 0 && !operation.in().isEmpty()) {
      throw new ConversionException(file, first.lineNumber(), "a scenario cannot say "
          + (first.crash() ? "that Xen crashes a domain" : "what is done without its inputs"));
    }
    List<List<Value>> elements = new ArrayList<>();
    List<Expectation> expectations = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      elements.add(inputs(operation, batch.get(i)));
      expect(operation, batch.get(i), i, expectations);
    }
    lines.add(first.lineNumber());
    steps.add(new Step(
        Place.NOWHERE, Optional.of(Actor.of(domain(first.dom()))), operation, elements, first.batch() >= 0, "",
        OptionalLong.empty(), OptionalLong.empty(),
        first.hasCount() ? Optional.of(naming.number(first.count())) : Optional.empty(),
        first.hasPtr() ? Optional.of(naming.value(FieldType.ADDRESS, first.ptr())) : Optional.empty(),
        1, 0, expectations, first.retried() ? "repeated until it succeeded" : ""));
  }

  /** Domains are called A, B, and so on. */
  private String domain(int id) {
    return domains.getOrDefault(id, "?");
  }

  private static long ram(ArmHeader header) {
    return header.ramKib() / 4 - (Area.RAM.first() - Area.RAM_START);
  }

  private List<Value> inputs(Operation operation, ArmLine line) {
    List<Value> inputs = new ArrayList<>();
    for (int i = 0; i < operation.in().size(); i++) {
      Field field = operation.in().get(i);
      inputs.add(naming.value(field.type(), field.bits(line.in(i))));
    }
    return inputs;
  }

  private void expect(Operation operation, ArmLine line, int element, List<Expectation> expectations) {
    if (line.hang()) {
      expectations.add(new Expectation.Ends(Place.NOWHERE, How.HANGS, true));
      return;
    }
    if (line.aborted()) {
      expectations.add(new Expectation.Faults(Place.NOWHERE, Optional.of(naming.value(FieldType.ADDRESS, line.far()))));
      return;
    }
    if (element == 0 && operation.returnsSomething()) {
      equal("returns", 0, Column.RETURNS, FieldType.RETURN, line.rc(), expectations);
    }
    if (operation.hasStatus()) {
      equal("status", element, Column.status(operation, element), FieldType.STATUS, line.status(), expectations);
    }
    for (int i = 0; i < operation.out().size(); i++) {
      Field field = operation.out().get(i);
      if (line.hasOut(i)) {
        equal(field.name(), element, Column.out(operation, element, i), field.type(), line.out(i), expectations);
      }
    }
  }

  private void equal(String field, int element, int column, FieldType type, long value, List<Expectation> expectations) {
    expectations.add(new Expectation.Equals(Place.NOWHERE, field, element, column, type, naming.value(type, value)));
  }

  private Scenario scenario() throws ConversionException {
    Release release = Release.named(header.version()).or(() -> Release.named(header.release()))
        .orElseThrow(() -> new ConversionException(file, 1, "Xen " + header.release() + " is not a release that is emulated"));
    SecurityPolicy policy = header.xsm() == ArmHeader.Xsm.SILO ? SecurityPolicy.SILO : SecurityPolicy.DUMMY;
    MachineSetup machine = new MachineSetup(new Semantics(release, policy), MACHINE_PAGES, 0, REACH, 100, 10, 1000);
    List<DomainSetup> domains = new ArrayList<>();
    long ram = ram(header);
    if (header.ramBase() != Area.RAM_START << MachineMemory.PAGE_SHIFT || ram < 16) {
      throw new ConversionException(file, 1, "domains of a scenario have RAM from 0x40000000 to 0x40110000 at least");
    }
    for (int id : header.domains()) {
      Long base = header.machineRamBase().get(id);
      domains.add(new DomainSetup(
          domain(id), Place.NOWHERE, id, 1, false, false, ram, OptionalLong.empty(),
          base == null ? OptionalLong.empty() : OptionalLong.of(base >>> MachineMemory.PAGE_SHIFT),
          false, DomainSetup.Special.NOTHING, new DomainSetup.Grants(header.maxGrantFrames(), header.maxMaptrackFrames(), header.maxGrantVersion()), DomainSetup.Driver.PRESET));
    }
    return new Scenario(header.title(), "", header.source(), machine, domains, steps, List.of(), true, List.of(), List.of()).withProgramsOfSequence();
  }

  private void check(Scenario scenario) throws ConversionException {
    try {
      Outcome outcome = Player.play(scenario, Watcher.NONE);
      @Nullable Failure failure = outcome.failure().orElse(null);
      if (failure != null) {
        throw new ConversionException(file, failure.step() < 0 ? 0 : lines.get(failure.step()),
            failure.subject() + ": " + failure.field() + " was recorded as " + failure.expected() + ", a scenario gives " + failure.actual()
                + ", which nobody can know beforehand");
      }
    } catch (UnplayableScenarioException | NotEmulatedException e) {
      throw new ConversionException(file, 0, String.valueOf(e.getMessage()));
    }
  }
}
