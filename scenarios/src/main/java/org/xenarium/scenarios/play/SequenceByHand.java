package org.xenarium.scenarios.play;

import com.google.common.primitives.Ints;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.scenarios.script.Actor;
import org.xenarium.scenarios.script.DomainSetup;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Scenario;
import org.xenarium.scenarios.script.Step;

/**
 * The steps of a sequence in which somebody stops within a step: then the scenario says who takes steps, and there is no clock, see {@link
 * Pacing}.
 */
final class SequenceByHand implements Pacing.Actors {
  private final Plan plan;
  private final Machine machine;
  private final Notes notes;
  private final Pacing pacing = new Pacing(this);

  /** The steps of guests, vCPU by vCPU: everywhere else they are known by their place here. */
  private final int[] order;

  /** Steps whose turn has come. An interrupt may come first, so that its handler takes the first steps. */
  private final BitSet told = new BitSet();

  /** By domid, the name of the domain that was created last while the scenario is played. */
  private final TreeMap<Integer, String> newest = new TreeMap<>();

  SequenceByHand(Plan plan, Machine machine) {
    this.plan = plan;
    this.machine = machine;
    notes = Notes.of(machine.world());
    order = order(plan.scenario());
  }

  private static int[] order(Scenario scenario) {
    List<Integer> all = new ArrayList<>();
    for (DomainSetup domain : scenario.domains()) {
      for (int vcpu = 0; vcpu < domain.vcpus(); vcpu++) {
        for (int i = 0; i < scenario.steps().size(); i++) {
          Actor actor = scenario.steps().get(i).by().orElse(null);
          if (actor != null && actor.domain().equals(domain.name()) && actor.vcpu() == vcpu) {
            all.add(i);
          }
        }
      }
    }
    return Ints.toArray(all);
  }

  /** Whether the scenario is one of those. */
  static boolean isNeeded(List<Step> steps) {
    return steps.stream().anyMatch(step -> step.stops() > 0 || step.operation() == Operation.GO_ON);
  }

  /** The step of a guest begins, and goes on as far as it may. */
  void begin(int index) {
    int stops = plan.step(index).stops();
    int place = Ints.indexOf(order, index);
    Vcpu vcpu = vcpu(place);
    told.set(place, vcpu != null && machine.enabled(vcpu));
    pacing.advance(place, stops > 0 ? stops : Pacing.TO_THE_END);
  }

  /** What the vCPU has begun goes on, or goes nowhere if its domain is gone; false if there is nothing. */
  boolean goOn(int domid, int vcpu, int steps) {
    boolean any = false;
    for (int place = 0; place < order.length; place++) {
      boolean its = plan.domid(order[place]) == domid && actor(place).vcpu() == vcpu && isUnderWay(place);
      if (its && vcpu(place) != null) {
        pacing.advance(place, steps);
      }
      any |= its;
    }
    return any;
  }

  /** Whoever waited and can go on now does so. */
  void settle() {
    pacing.settle();
  }

  /** Whether the step was told to stop and has not ended. */
  boolean isStopped(int index) {
    int place = Ints.indexOf(order, index);
    return pacing.isStopped(place) && isUnderWay(place);
  }

  @Override
  public int count() {
    return order.length;
  }

  @Override
  public boolean isUnderWay(int place) {
    return told.get(place) && !notes.hasEnded(order[place]);
  }

  @Override
  public boolean canGoOn(int place) {
    Vcpu vcpu = vcpu(place);
    return isUnderWay(place) && vcpu != null && machine.enabled(vcpu);
  }

  @Override
  public void take(int place, int steps) {
    Vcpu vcpu = vcpu(place);
    if (vcpu != null) {
      ByHand.goOn(machine, vcpu, steps, isAlone(place), () -> notes.hasEnded(order[place]));
    }
  }

  private boolean isAlone(int place) {
    for (int other = 0; other < order.length; other++) {
      if (other != place && isUnderWay(other)) {
        return false;
      }
    }
    return true;
  }

  /** A domain has been created: steps of earlier ones of its id are over. */
  void created(String name) {
    newest.put(plan.scenario().domain(name).id(), name);
  }

  private Actor actor(int place) {
    return plan.step(order[place]).by().orElseThrow();
  }

  private @Nullable Vcpu vcpu(int place) {
    String name = actor(place).domain();
    int domid = plan.domid(order[place]);
    boolean isThere = newest.getOrDefault(domid, name).equals(name);
    Domain domain = isThere ? machine.world().domain(domid) : null;
    return domain == null ? null : domain.vcpu(actor(place).vcpu());
  }
}
