package org.xenarium.scenarios.play;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xenarium.scenarios.script.Actor;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Scenario;
import org.xenarium.scenarios.script.Step;

/** What all programs of a scenario know of it: nothing here changes while it is played. */
final class Plan {
  private final Scenario scenario;
  private final Evaluator evaluator;
  private final Map<Actor, Integer> slots = new LinkedHashMap<>();

  /** How many actors a domain has. */
  private final Map<String, Integer> actors = new LinkedHashMap<>();

  /** For each step the domid and vCPU of who does it. */
  private final List<Integer> domids = new ArrayList<>();

  Plan(Scenario scenario) {
    this.scenario = scenario;
    evaluator = new Evaluator(scenario);
    for (Scenario.Program program : scenario.programs()) {
      program.actor().ifPresent(actor -> slots.put(actor, actors.merge(actor.domain(), 1, Integer::sum) - 1));
    }
    for (Step step : scenario.steps()) {
      domids.add(step.by().map(actor -> scenario.domain(actor.domain()).id()).orElse(-1));
    }
  }

  Scenario scenario() {
    return scenario;
  }

  Evaluator evaluator() {
    return evaluator;
  }

  Step step(int index) {
    return scenario.steps().get(index);
  }

  /** Domid of who does that step; -1 for nobody inside. */
  int domid(int step) {
    return domids.get(step);
  }

  /** Which of its domain's actors does that step, from 0; 0 for nobody inside. */
  int slot(int step) {
    return step(step).by().map(this::slot).orElse(0);
  }

  /** Which of a domain's actors that is, from 0. */
  int slot(Actor actor) {
    return slots.getOrDefault(actor, 0);
  }

  /** How many actors the domain has that does that step. */
  int actors(int step) {
    return step(step).by().map(actor -> actors.getOrDefault(actor.domain(), 1)).orElse(1);
  }

  /** The steps at which programs meet that come to this barrier. */
  List<Integer> barrier(long id) {
    List<Integer> met = new ArrayList<>();
    for (int i = 0; i < scenario.steps().size(); i++) {
      Step step = step(i);
      boolean same = step.operation() == Operation.BARRIER && Evaluator.constant(step.elements().get(0).get(0)) == id;
      if (same) {
        met.add(i);
      }
    }
    return met;
  }
}
