package org.xenarium.scenarios.play;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.scenarios.script.Actor;
import org.xenarium.scenarios.script.Column;
import org.xenarium.scenarios.script.Condition;
import org.xenarium.scenarios.script.Expectation;
import org.xenarium.scenarios.script.Expectation.How;
import org.xenarium.scenarios.script.Place;
import org.xenarium.scenarios.script.Progress;
import org.xenarium.scenarios.script.Scenario;
import org.xenarium.scenarios.script.Step;

/** Compares what came out of a scenario with what is expected. */
final class Judge {
  private final Plan plan;
  private final Machine machine;
  private final Decisions decisions;
  private final Notes notes;
  private final StepText text;

  Judge(Plan plan, Machine machine, Decisions decisions) {
    this.plan = plan;
    this.machine = machine;
    this.decisions = decisions;
    notes = Notes.of(machine.world());
    text = new StepText(plan, machine);
  }

  /** The first expectation of a step that has ended which is not met; null if all are. */
  @Nullable Failure step(int index) {
    Step step = plan.step(index);
    Progress progress = notes.progress(index);
    Failure end = end(index, step, progress);
    if (end != null) {
      return end;
    }
    for (Expectation expectation : step.expectations()) {
      Failure failure = progress == Progress.DONE || expectation instanceof Expectation.Faults ? expectation(index, step, expectation) : null;
      if (failure != null) {
        return failure;
      }
    }
    return null;
  }

  /** Has it ended in the way that is expected? */
  private @Nullable Failure end(int index, Step step, Progress progress) {
    boolean faults = step.expectations().stream().anyMatch(one -> one instanceof Expectation.Faults);
    String actual =
        switch (progress) {
          case FAULTED -> "faults at 0x" + Long.toHexString(notes.get(index, Column.FAULT));
          case PANICKED -> "the guest panics";
          default -> "comes back";
        };
    if (faults != (progress == Progress.FAULTED)) {
      return failure(index, step.place(), "end", faults ? "faults" : "comes back", actual);
    }
    if (step.mayEndWith(How.PANICS) != (progress == Progress.PANICKED)) {
      return failure(index, step.place(), "end", step.mayEndWith(How.PANICS) ? "the guest panics" : "comes back", actual);
    }
    return step.mayEndWith(How.HANGS) ? failure(index, step.place(), "end", "the vCPU never comes back", actual) : null;
  }

  private @Nullable Failure expectation(int index, Step step, Expectation expectation) {
    return switch (expectation) {
      case Expectation.Equals equals -> {
        long expected = plan.evaluator().number(equals.value(), notes);
        long actual = notes.get(index, equals.column());
        boolean same = expected == actual || text.bits(step, equals, expected) == actual;
        yield same ? null : failure(index, equals.place(), name(step, equals),
            text.number(equals.type(), expected), text.number(equals.type(), actual));
      }
      case Expectation.DecidedBy decided -> {
        List<String> rules = decisions.of(index).stream()
            .filter(one -> decided.element() < 0 || one.element() == decided.element())
            .map(one -> one.rule().id())
            .toList();
        yield rules.contains(decided.rule()) ? null : failure(index, decided.place(), "rule", decided.rule(), String.join(", ", rules));
      }
      case Expectation.Takes takes -> {
        long took = notes.get(index, Column.ENDED) - notes.get(index, Column.BEGAN);
        yield takes.includes(took) ? null : failure(index, takes.place(), "takes", takes.text(), took + "ns");
      }
      case Expectation.Faults faults -> {
        long actual = notes.get(index, Column.FAULT);
        boolean elsewhere = faults.address().isPresent() && plan.evaluator().number(faults.address().get(), notes) != actual;
        yield elsewhere ? failure(index, faults.place(), "faults", faults.address().get().toString(), "0x" + Long.toHexString(actual)) : null;
      }
      case Expectation.Ends ends -> null;
    };
  }

  private static String name(Step step, Expectation.Equals equals) {
    return step.elements().size() > 1 && equals.column() != Column.RETURNS ? equals.field() + " of element " + equals.element() : equals.field();
  }

  /** Something does not hold that is to hold at every step. */
  Failure breach(int index, Guard.Breach breach) {
    return failure(index, plan.step(index).place(), breach.number(), "holds", breach.message());
  }

  /** Of a step that lets a vCPU go on which has nothing to go on with. */
  Failure nobodyGoesOn(int index) {
    return failure(index, plan.step(index).place(), "go_on", "a step under way", "nothing under way");
  }

  /** Of a step that can go no further for the time being: is that expected? */
  @Nullable Failure waiting(int index) {
    Step step = plan.step(index);
    if (notes.hasEnded(index)) {
      return null;
    }
    boolean stuck = isStuck(step);
    if (stuck ? step.mayEndWith(How.HANGS) : step.mayEndWith(How.BLOCKS)) {
      return null;
    }
    String expected = step.mayEndWith(How.HANGS) ? "the vCPU never comes back" : "comes back";
    return failure(index, step.place(), "end", expected, stuck ? "the vCPU never comes back" : "waits");
  }

  private boolean isStuck(Step step) {
    Actor actor = step.by().orElse(null);
    Domain domain = actor == null ? null : machine.world().domain(plan.scenario().domain(actor.domain()).id());
    if (domain == null || actor == null) {
      return false;
    }
    // A later domain of the same domid may have fewer vCPUs.
    return actor.vcpu() < domain.vcpuCount() && domain.vcpu(actor.vcpu()).isStuck();
  }

  /** Has the domain disappeared that took the step? If a later one has its domid, nobody can tell any more. */
  private boolean isGone(Step step) {
    int domid = step.by().map(actor -> plan.scenario().domain(actor.domain()).id()).orElse(-1);
    boolean ambiguous = plan.scenario().domains().stream().filter(domain -> domain.id() == domid).count() > 1;
    return domid >= 0 && (ambiguous || machine.world().domain(domid) == null);
  }

  /** At the end of the run: the first step that is not where it has to be, or the first condition that does not hold; null if none. */
  @Nullable Failure end() {
    Scenario scenario = plan.scenario();
    for (int i = 0; i < scenario.steps().size(); i++) {
      Failure failure = atEnd(i);
      if (failure != null) {
        return failure;
      }
    }
    for (Condition condition : scenario.conditions()) {
      Failure failure = condition(condition);
      if (failure != null) {
        return failure;
      }
    }
    return null;
  }

  private @Nullable Failure atEnd(int index) {
    Step step = plan.step(index);
    if (notes.hasEnded(index)) {
      return null;
    }
    boolean begun = notes.progress(index) == Progress.UNDER_WAY;
    if (begun && (isStuck(step) || isGone(step)) && step.mayEndWith(How.HANGS)) {
      return null;
    }
    if (begun && step.mayEndWith(How.BLOCKS) && !step.mustReturn()) {
      return null;
    }
    String actual = begun ? isStuck(step) ? "the vCPU never comes back" : "still waits at the end" : "its turn never came";
    return failure(index, step.place(), "end", "comes to an end", actual);
  }

  private @Nullable Failure condition(Condition condition) {
    boolean never = condition.quantifier() == Condition.Quantifier.NEVER;
    Condition.Comparison last = null;
    for (Condition.Comparison comparison : condition.all()) {
      last = comparison;
      boolean known = Evaluator.isKnown(comparison.left(), notes) && Evaluator.isKnown(comparison.right(), notes);
      if (!known) {
        return new Failure(-1, comparison.place(), text.condition(condition, comparison), "condition", "known values", "a result that never came",
            List.of(), List.of());
      }
      long left = plan.evaluator().number(comparison.left(), notes, machine);
      long right = plan.evaluator().number(comparison.right(), notes, machine);
      boolean holds = comparison.relation().holds(left, right);
      if (!holds && never) {
        return null;
      }
      if (!holds) {
        return new Failure(-1, comparison.place(), text.condition(condition, comparison), comparison.left().toString(),
            comparison.relation().sign() + " " + text.number(comparison.type(), right), text.number(comparison.type(), left), List.of(),
            text.around(comparison));
      }
    }
    return never && last != null
        ? new Failure(-1, condition.place(), text.condition(condition, last), "condition", "not all of it holds", "all of it holds", List.of(),
            text.around(last))
        : null;
  }

  private Failure failure(int index, Place place, String field, String expected, String actual) {
    List<String> rules = decisions.of(index).stream().map(one -> StepText.rule(one.rule())).toList();
    return new Failure(index, place, text.step(index), field, expected, actual, rules, text.around(index));
  }
}
