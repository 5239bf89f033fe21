package org.xenarium.scenarios.script;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.xenarium.emulator.semantics.Semantics;

/**
 * A scenario: a machine, what its guests do, and what is expected.
 *
 * @param title in one line
 * @param asks the question that it answers
 * @param source where the answer comes from; empty if that is not told
 * @param steps all steps; results are known by their index here
 * @param programs the steps of each actor, in their order, by index; all actors of a scenario that is one sequence
 * @param invariants what is to hold at every step
 * @param sequence whether each step is played to its end, or until it waits, before the next one begins
 */
public record Scenario(
    String title,
    String asks,
    String source,
    MachineSetup machine,
    List<DomainSetup> domains,
    List<Step> steps,
    List<Program> programs,
    boolean sequence,
    List<Condition> conditions,
    List<Watched> invariants) {
  public Scenario {
    domains = List.copyOf(domains);
    steps = List.copyOf(steps);
    programs = List.copyOf(programs);
    conditions = List.copyOf(conditions);
    invariants = List.copyOf(invariants);
  }

  /**
   * What one actor does.
   *
   * @param actor empty for what is done to domains from outside
   * @param steps indices of {@link Scenario#steps}
   */
  public record Program(Optional<Actor> actor, List<Integer> steps) {
    public Program {
      steps = List.copyOf(steps);
    }
  }

  /** The same under another title. */
  public Scenario titled(String other) {
    return new Scenario(other, asks, source, machine, domains, steps, programs, sequence, conditions, invariants);
  }

  /** A sequence with the programs that follow from its steps. */
  public Scenario withProgramsOfSequence() {
    Map<Optional<Actor>, List<Integer>> byActor = new LinkedHashMap<>();
    for (int i = 0; i < steps.size(); i++) {
      byActor.computeIfAbsent(steps.get(i).by(), any -> new ArrayList<>()).add(i);
    }
    List<Program> all = new ArrayList<>();
    byActor.forEach((actor, own) -> all.add(new Program(actor, own)));
    return new Scenario(title, asks, source, machine, domains, steps, all, true, conditions, invariants);
  }

  /** The same on another Xen than the one that it asks for. */
  public Scenario on(UnaryOperator<Semantics> instead) {
    MachineSetup other = machine.withSemantics(instead.apply(machine.semantics()));
    return new Scenario(title, asks, source, other, domains, steps, programs, sequence, conditions, invariants);
  }

  /** The same with a machine of so many pages and with other domains. */
  public Scenario with(long pages, List<DomainSetup> others) {
    return new Scenario(title, asks, source, machine.withPages(pages), others, steps, programs, sequence, conditions, invariants);
  }

  /** The same machine, on which other steps are done in a sequence. */
  public Scenario doing(List<Step> others) {
    return new Scenario(title, asks, source, machine, domains, others, List.of(), true, conditions, invariants).withProgramsOfSequence();
  }

  /** The same with another last step. */
  public Scenario endingWith(UnaryOperator<Step> instead) {
    List<Step> others = new ArrayList<>(steps);
    others.set(others.size() - 1, instead.apply(others.getLast()));
    return new Scenario(title, asks, source, machine, domains, others, programs, sequence, conditions, invariants);
  }

  /** The same, in which that is to hold at every step. */
  public Scenario watching(List<Watched> others) {
    return new Scenario(title, asks, source, machine, domains, steps, programs, sequence, conditions, others);
  }

  /** Its machine, on which nothing is done. */
  public Scenario withoutSteps() {
    return new Scenario(title, asks, source, machine, domains, List.of(), List.of(), true, List.of(), invariants);
  }

  /** The domain of that name. */
  public DomainSetup domain(String name) {
    return domains.stream().filter(domain -> domain.name().equals(name)).findFirst().orElseThrow();
  }

  /** Where the results of each step begin when all are laid out one behind the other; one more entry says where they end. */
  public int[] layout() {
    int[] layout = new int[steps.size() + 1];
    for (int i = 0; i < steps.size(); i++) {
      layout[i + 1] = layout[i] + Column.width(steps.get(i));
    }
    return layout;
  }
}
