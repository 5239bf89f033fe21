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

  private final List<Runnable> audits = new ArrayList<>();

  private final StepCalls calls;

  /** Begins to look. */
  Guard(Plan plan, Machine machine, Consumer<Breach> found) {
    Scenario scenario = plan.scenario();
    calls = new StepCalls(plan, Notes.of(machine.world()));
    EnumSet<Invariant> chosen = EnumSet.noneOf(Invariant.class);
    EnumSet<GuestInvariant> ofGuests = EnumSet.noneOf(GuestInvariant.class);
    boolean model = false;
    for (Watched watched : scenario.invariants()) {
      boolean all = watched.number().equals(Watched.ALL);
      model |= all || watched.number().equals(Watched.MODEL);
      for (Invariant invariant : Invariant.values()) {
        if (all || invariant.id().equals(watched.number())) {
          chosen.add(invariant);
        }
      }
      for (GuestInvariant invariant : GuestInvariant.values()) {
        if (invariant.id().equals(watched.number())) {
          ofGuests.add(invariant);
        }
      }
    }
    if (!chosen.isEmpty()) {
      Watch watch = Invariants.watch(machine, chosen, violation -> found.accept(new Breach(violation.invariant().id(), violation.toString())));
      audits.add(watch::audit);
    }
    if (!ofGuests.isEmpty()) {
      GuestWatch watch = GuestInvariants.watch(machine, ofGuests, violation -> {
        if (isWatched(scenario, violation.invariant().id(), violation.domid())) {
          found.accept(new Breach(violation.invariant().id(), violation.toString()));
        }
      });
      audits.add(watch::audit);
    }
    if (model) {
      ModelWatch watch = ReferenceModel.follow(machine, difference -> found.accept(new Breach(Watched.MODEL, difference.toString())));
      audits.add(watch::audit);
    }
    for (CallProperty property : CallProperty.values()) {
      boolean all = scenario.invariants().contains(Watched.of(Watched.ALL)) && !property.isOfGuests();
      if (all || scenario.invariants().stream().anyMatch(watched -> watched.number().equals(property.id()))) {
        calls.tell(CallWatchers.of(property, machine, domid -> isWatched(scenario, property.id(), domid),
            (what, message) -> found.accept(new Breach(property.id(), message))));
      }
    }
  }

  private static boolean isWatched(Scenario scenario, String number, int domid) {
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
