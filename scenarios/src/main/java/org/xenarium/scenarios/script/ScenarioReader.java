package org.xenarium.scenarios.script;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.xenarium.scenarios.recording.Spelling;
import org.xenarium.scenarios.script.Scope.Outline;

/**
 * Reads a scenario from YAML 1.2. Everything that is not in the language is a mistake, and all mistakes of a file are told together.
 *
 * <p>It looks at the steps twice: first for the names that they give, then for everything else, which may use these names.
 */
public final class ScenarioReader {
  /** Who does what nobody inside the machine does. */
  static final String TOOLSTACK = "toolstack";

  static final List<String> KEYS =
      List.of("scenario", "asks", "source", "xen", "machine", "domains", "invariants", "steps", "programs", "finally", "always", "never", "exists");

  private final Problems problems;
  private final StepReader stepReader;
  private final Map<String, DomainSetup> domains = new LinkedHashMap<>();
  private final Map<String, Outline> results = new LinkedHashMap<>();
  private final List<Draft> drafts = new ArrayList<>();
  private final List<Scenario.Program> programs = new ArrayList<>();

  /** A step after the first look. */
  private record Draft(StepReader.Draft step, Optional<Actor> by, String name, Outline outline) {}

  private ScenarioReader(String file) {
    problems = new Problems(file);
    stepReader = new StepReader(problems);
  }

  /** Reads a file. */
  public static Scenario read(Path file) throws ScenarioException {
    try {
      return read(file.toString(), Files.readString(file, UTF_8));
    } catch (CharacterCodingException e) {
      throw Problems.ofFile(file.toString(), "expected text in UTF-8");
    } catch (NoSuchFileException e) {
      throw Problems.ofFile(file.toString(), "there is no such file");
    } catch (IOException e) {
      throw Problems.ofFile(file.toString(), "cannot be read: " + e.getMessage());
    }
  }

  /** Reads a text; {@code file} names it in messages. */
  public static Scenario read(String file, String text) throws ScenarioException {
    ScenarioReader reader = new ScenarioReader(file);
    Node root = Yaml.compose(text, reader.problems);
    Scenario scenario = root == null ? null : reader.scenario(Mapping.of(root, "the scenario", KEYS, reader.problems));
    reader.problems.check();
    if (scenario == null) {
      throw new AssertionError("a scenario without problems that could not be read");
    }
    return scenario;
  }

  private Scenario scenario(Mapping root) {
    root.require("scenario");
    SetupReader setup = new SetupReader(problems);
    MachineSetup machine = setup.machine(root.get("xen"), root.get("machine"));
    if (root.require("domains") instanceof Node node) {
      domains.putAll(setup.domains(node));
    }
    boolean sequence = !root.has("programs");
    if (root.has("steps") == root.has("programs")) {
      problems.add(root.place(), "the scenario needs either \"steps\" or \"programs\"");
    }
    if (root.get("steps") instanceof Node node) {
      sequence(node);
    }
    if (root.get("programs") instanceof Node node) {
      programs(node);
    }
    refuseTimesWithoutAClock();
    List<Step> steps = drafts.stream().map(this::finish).toList();
    Scenario scenario =
        new Scenario(
            root.text("scenario"), root.text("asks"), root.text("source"), machine, List.copyOf(domains.values()), steps, programs, sequence,
            conditions(root), new WatchedReader(problems, domains.keySet()).read(root.get("invariants")));
    return sequence ? scenario.withProgramsOfSequence() : scenario;
  }

  private void refuseTimesWithoutAClock() {
    if (drafts.stream().anyMatch(draft -> stops(draft.step()))) {
      for (Draft draft : drafts) {
        for (String key : List.of("at", "after")) {
          if (draft.step().mapping().has(key)) {
            problems.add(draft.step().mapping().placeOf(key), "\"" + key + "\" needs a clock: there is none where somebody stops within a step");
          }
        }
      }
    }
  }

  private static boolean stops(StepReader.Draft draft) {
    return draft.mapping().has("stops") || draft.operation() == Operation.GO_ON;
  }

  private Step finish(Draft draft) {
    String actor = draft.by().map(Actor::domain).orElse(null);
    return stepReader.read(draft.step(), draft.by(), draft.name(), new Scope(domains, results, actor, draft.outline(), false));
  }

  private void sequence(Node node) {
    for (Node step : list(node, "\"steps\"")) {
      StepReader.Draft draft = stepReader.draft(step);
      if (draft != null) {
        add(draft, by(draft), 0);
      }
    }
  }

  private Optional<Actor> by(StepReader.Draft draft) {
    Mapping mapping = draft.mapping();
    if (!draft.operation().hasActor()) {
      if (mapping.has("by")) {
        problems.add(mapping.placeOf("by"), draft.operation().spelling() + " is done from outside, by nobody");
      }
      return Optional.empty();
    }
    if (!mapping.has("by")) {
      problems.add(mapping.place(), "the step lacks \"by\": who does it");
      return Optional.empty();
    }
    Node node = mapping.get("by");
    return node == null ? Optional.empty() : actor(mapping.text("by"), Yaml.place(node));
  }

  private void programs(Node node) {
    Mapping mapping = Mapping.any(node, "\"programs\"", problems);
    for (String name : mapping.keys()) {
      Node value = mapping.get(name);
      Optional<Actor> actor = name.equals(TOOLSTACK) ? Optional.empty() : actor(name, mapping.placeOf(name));
      if (value == null || actor.isEmpty() && !name.equals(TOOLSTACK)) {
        continue;
      }
      if (programs.stream().anyMatch(program -> program.actor().equals(actor))) {
        problems.add(mapping.placeOf(name), "there is a program of " + name + " already");
      }
      int first = drafts.size();
      for (Node step : list(value, "the program of " + name)) {
        StepReader.Draft draft = stepReader.draft(step);
        if (draft != null) {
          checkProgram(draft, actor);
          add(draft, actor, programs.size());
        }
      }
      programs.add(new Scenario.Program(actor, IntStream.range(first, drafts.size()).boxed().toList()));
    }
    if (mapping.keys().isEmpty()) {
      problems.add(mapping.place(), "\"programs\": expected at least one program");
    }
  }

  private void checkProgram(StepReader.Draft draft, Optional<Actor> actor) {
    Mapping mapping = draft.mapping();
    if (mapping.has("by")) {
      problems.add(mapping.placeOf("by"), "a step of a program has no \"by\": it is done by whose program it is");
    }
    if (stops(draft)) {
      problems.add(mapping.place(), "\"stops\" and go_on are for one sequence of \"steps\": programs go on in the order of time");
    }
    if (draft.operation().hasActor() == actor.isEmpty()) {
      problems.add(mapping.place(), draft.operation().spelling()
          + (actor.isEmpty() ? " is done by a domain" : " is done from outside: put it under " + TOOLSTACK));
    }
  }

  private List<Node> list(Node node, String title) {
    if (node instanceof SequenceNode list && !list.getValue().isEmpty()) {
      return list.getValue();
    }
    problems.add(Yaml.place(node), title + ": expected a list of steps, found " + (node instanceof SequenceNode ? "none" : Yaml.found(node)));
    return List.of();
  }

  private void add(StepReader.Draft draft, Optional<Actor> by, int program) {
    Outline outline = StepReader.outline(draft, drafts.size(), program);
    String name = draft.mapping().text("as");
    if (!name.isEmpty()) {
      Place place = draft.mapping().placeOf("as");
      NameCheck.check(name, place, "a result", problems);
      if (results.containsKey(name) || domains.containsKey(name)) {
        problems.add(place, "there is " + (domains.containsKey(name) ? "a domain " : "a result ") + name + " already");
      }
      results.putIfAbsent(name, outline);
    }
    drafts.add(new Draft(draft, by, name, outline));
  }

  /** {@code A}, {@code A/1}, {@code A/0/reader}. */
  private Optional<Actor> actor(String text, Place place) {
    String[] parts = text.split("/", -1);
    DomainSetup domain = domains.get(parts[0]);
    if (domain == null) {
      String near = Spelling.nearest(parts[0], List.copyOf(domains.keySet()));
      problems.add(place, "unknown domain \"" + parts[0] + "\"" + (near != null
          ? "; did you mean \"" + near + "\"?" : domains.isEmpty() ? "" : "; known are " + String.join(", ", domains.keySet())));
      return Optional.empty();
    }
    Long vcpu = parts.length > 1 ? Numbers.parse(parts[1]) : Long.valueOf(0);
    if (parts.length > 3 || vcpu == null || vcpu < 0 || parts.length == 3 && !parts[2].matches(NameCheck.PATTERN)) {
      problems.add(place, "expected a domain, DOMAIN/VCPU or DOMAIN/VCPU/THREAD, found " + text);
      return Optional.empty();
    }
    if (vcpu >= domain.vcpus()) {
      problems.add(place, "domain " + domain.name() + " has " + domain.vcpus() + " vCPUs, 0 to " + (domain.vcpus() - 1));
      return Optional.empty();
    }
    return Optional.of(new Actor(domain.name(), vcpu.intValue(), parts.length == 3 ? parts[2] : ""));
  }

  private List<Condition> conditions(Mapping root) {
    Outline end = new Outline(drafts.size(), 0, Operation.WAIT, 1, false);
    ConditionReader reader = new ConditionReader(problems, new Scope(domains, results, null, end, true));
    List<Condition> conditions = new ArrayList<>();
    for (Condition.Quantifier quantifier : Condition.Quantifier.values()) {
      @Nullable Node node = root.get(quantifier.name().toLowerCase(Locale.ROOT));
      if (node != null) {
        conditions.add(reader.read(quantifier, node));
      }
    }
    return conditions;
  }
}
