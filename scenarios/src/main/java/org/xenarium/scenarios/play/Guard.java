package org.xenarium.scenarios.play;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;
import org.xenarium.emulator.Machine;
import org.xenarium.gnttab.driver.GuestInvariant;
import org.xenarium.gnttab.driver.GuestInvariants;
import org.xenarium.gnttab.driver.GuestWatch;
import org.xenarium.gnttab.invariant.Invariant;
import org.xenarium.gnttab.invariant.Invariants;
import org.xenarium.gnttab.invariant.Watch;
import org.xenarium.gnttab.model.ModelWatch;
import org.xenarium.gnttab.model.ReferenceModel;
import org.xenarium.scenarios.call.CallWatchers;
import org.xenarium.scenarios.script.CallProperty;
import org.xenarium.scenarios.script.Scenario;
import org.xenarium.scenarios.script.Watched;

/** Looks at what a scenario wants to hold at every step. */
final class Guard {
  /** Something that does not hold. */
  record Breach(String number, String message) {}

  private final Scenario scenario;
  private final Machine machine;
  private final Consumer<Breach> found;
  private final StepCalls calls;
  private final List<Runnable> audits = new ArrayList<>();

  /** Begins to look. */
  Guard(Plan plan, Machine machine, Consumer<Breach> found) {
    scenario = plan.scenario();
    this.machine = machine;
    this.found = found;
    calls = new StepCalls(plan, Notes.of(machine.world()));
    watchHypervisor();
    watchGuests();
    followModel();
    watchCalls();
  }

  private void watchHypervisor() {
    EnumSet<Invariant> chosen = EnumSet.noneOf(Invariant.class);
    for (Invariant invariant : Invariant.values()) {
      if (wantsAll() || wants(invariant.id())) {
        chosen.add(invariant);
      }
    }
    if (!chosen.isEmpty()) {
      Watch watch = Invariants.watch(machine, chosen, violation -> found.accept(new Breach(violation.invariant().id(), violation.toString())));
      audits.add(watch::audit);
    }
  }

  private void watchGuests() {
    EnumSet<GuestInvariant> chosen = EnumSet.noneOf(GuestInvariant.class);
    for (GuestInvariant invariant : GuestInvariant.values()) {
      if (wants(invariant.id())) {
        chosen.add(invariant);
      }
    }
    if (!chosen.isEmpty()) {
      GuestWatch watch = GuestInvariants.watch(machine, chosen, violation -> {
        if (isWatched(violation.invariant().id(), violation.domid())) {
          found.accept(new Breach(violation.invariant().id(), violation.toString()));
        }
      });
      audits.add(watch::audit);
    }
  }

  private void followModel() {
    if (wantsAll() || wants(Watched.MODEL)) {
      ModelWatch watch = ReferenceModel.follow(machine, difference -> found.accept(new Breach(Watched.MODEL, difference.toString())));
      audits.add(watch::audit);
    }
  }

  private void watchCalls() {
    for (CallProperty property : CallProperty.values()) {
      if (wantsAll() && !property.isOfGuests() || wants(property.id())) {
        calls.tell(CallWatchers.of(property, machine, domid -> isWatched(property.id(), domid),
            (what, message) -> found.accept(new Breach(property.id(), message))));
      }
    }
  }

  /** Everything that is not about one guest. */
  private boolean wantsAll() {
    return wants(Watched.ALL);
  }

  private boolean wants(String number) {
    return scenario.invariants().stream().anyMatch(watched -> watched.number().equals(number));
  }

  private boolean isWatched(String number, int domid) {
    return scenario.invariants().stream()
        .filter(watched -> watched.number().equals(number))
        .anyMatch(watched -> watched.domain().isEmpty() || scenario.domain(watched.domain()).id() == domid);
  }

  /** A step begins or has ended. */
  void marked(Mark mark) {
    calls.marked(mark);
  }

  /** Looks at everything once more. */
  void end() {
    audits.forEach(Runnable::run);
  }
}
