package org.xenarium.scenarios.play;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.scenarios.script.Actor;
import org.xenarium.scenarios.script.DomainSetup;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Progress;
import org.xenarium.scenarios.script.Step;

/**
 * The steps of a sequence in which somebody stops within a step: then the scenario says who takes steps, and there is no clock. Whoever has to
 * wait and was not stopped goes on as soon as that is possible. What would go on for ever is stopped.
 */
final class SequenceByHand {
  private final Plan plan;
  private final Machine machine;
  private final Notes notes;

  /** Steps that have stopped and wait to be told to go on. */
  private final TreeSet<Integer> stopped = new TreeSet<>();

  /** By domid, the name of the domain that was created last while the scenario is played. */
  private final TreeMap<Integer, String> newest = new TreeMap<>();

  SequenceByHand(Plan plan, Machine machine) {
    this.plan = plan;
    this.machine = machine;
    notes = Notes.of(machine.world());
  }

  /** Whether the scenario is one of those. */
  static boolean isNeeded(List<Step> steps) {
    return steps.stream().anyMatch(step -> step.stops() > 0 || step.operation() == Operation.GO_ON);
  }

  /** The step of a guest begins, and goes on as far as it may. */
  void begin(int index) {
    int stops = plan.step(index).stops();
    if (stops > 0) {
      stopped.add(index);
    }
    Vcpu vcpu = vcpu(index);
    if (vcpu != null) {
      goOn(index, vcpu, stops > 0 ? stops : ByHand.TO_THE_END);
    }
  }

  /** The vCPU that has stopped goes on. */
  void goOn(int domid, int vcpu, int steps) {
    for (int index : List.copyOf(stopped)) {
      Actor actor = plan.step(index).by().orElseThrow();
      Vcpu own = vcpu(index);
      if (plan.domid(index) == domid && actor.vcpu() == vcpu && own != null && isUnderWay(index)) {
        if (steps == ByHand.TO_THE_END) {
          stopped.remove(index);
        }
        goOn(index, own, steps);
      }
    }
  }

  /** Whoever waited and can go on now does so. */
  void settle() {
    boolean moved = true;
    while (moved) {
      moved = false;
      for (int index : waiting()) {
        Vcpu vcpu = vcpu(index);
        if (vcpu != null && machine.enabled(vcpu)) {
          goOn(index, vcpu, ByHand.TO_THE_END);
          moved |= !isUnderWay(index);
        }
      }
    }
  }

  /** Whether the step was told to stop and has not ended. */
  boolean isStopped(int index) {
    return stopped.contains(index) && isUnderWay(index);
  }

  private void goOn(int index, Vcpu vcpu, int steps) {
    boolean alone = underWay().stream().allMatch(other -> other == index);
    ByHand.goOn(machine, vcpu, steps, alone, () -> notes.hasEnded(index));
    boolean endless = steps == ByHand.TO_THE_END && isUnderWay(index) && machine.enabled(vcpu);
    if (endless) {
      stopped.add(index);
    }
  }

  private boolean isUnderWay(int index) {
    return notes.progress(index) == Progress.UNDER_WAY;
  }

  private List<Integer> underWay() {
    List<Integer> all = new ArrayList<>();
    for (DomainSetup domain : plan.scenario().domains()) {
      for (int vcpu = 0; vcpu < domain.vcpus(); vcpu++) {
        for (int i = 0; i < plan.scenario().steps().size(); i++) {
          Actor actor = plan.step(i).by().orElse(null);
          if (actor != null && actor.domain().equals(domain.name()) && actor.vcpu() == vcpu && isUnderWay(i)) {
            all.add(i);
          }
        }
      }
    }
    return all;
  }

  private List<Integer> waiting() {
    return underWay().stream().filter(index -> !stopped.contains(index)).toList();
  }

  /** A domain has been created: steps of earlier ones of its id are over. */
  void created(String name) {
    newest.put(plan.scenario().domain(name).id(), name);
  }

  private @Nullable Vcpu vcpu(int index) {
    String name = plan.step(index).by().orElseThrow().domain();
    boolean isThere = newest.getOrDefault(plan.domid(index), name).equals(name);
    Domain domain = isThere ? machine.world().domain(plan.domid(index)) : null;
    return domain == null ? null : domain.vcpu(plan.step(index).by().orElseThrow().vcpu());
  }
}
