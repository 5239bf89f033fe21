package org.xenarium.scenarios.play;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;
import org.xenarium.emulator.Machine;
import org.xenarium.gnttab.driver.GuestInvariant;
import org.xenarium.gnttab.driver.GuestInvariants;
import org.xenarium.gnttab.invariant.Invariant;
import org.xenarium.gnttab.invariant.Invariants;
import org.xenarium.gnttab.invariant.Watch;
import org.xenarium.gnttab.model.ModelWatch;
import org.xenarium.gnttab.model.ReferenceModel;
import org.xenarium.scenarios.script.Scenario;
import org.xenarium.scenarios.script.Watched;

/** Looks at what a scenario wants to hold at every step. */
final class Guard {
  /** Something that does not hold. */
  record Breach(String number, String message) {}

  private final List<Runnable> audits = new ArrayList<>();

  /** Begins to look. */
  Guard(Scenario scenario, Machine machine, Consumer<Breach> found) {
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
      GuestInvariants.watch(machine, ofGuests, violation -> {
        if (isWatched(scenario, violation.invariant(), violation.domid())) {
          found.accept(new Breach(violation.invariant().id(), violation.toString()));
        }
      });
    }
    if (model) {
      ModelWatch watch = ReferenceModel.follow(machine, difference -> found.accept(new Breach(Watched.MODEL, difference.toString())));
      audits.add(watch::audit);
    }
  }

  private static boolean isWatched(Scenario scenario, GuestInvariant invariant, int domid) {
    return scenario.invariants().stream()
        .filter(watched -> watched.number().equals(invariant.id()))
        .anyMatch(watched -> watched.domain().isEmpty() || scenario.domain(watched.domain()).id() == domid);
  }

  /** Looks at everything once more. */
  void end() {
    audits.forEach(Runnable::run);
  }
}
