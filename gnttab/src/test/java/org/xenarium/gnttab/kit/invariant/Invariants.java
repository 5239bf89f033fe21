package org.xenarium.gnttab.kit.invariant;

import static org.xenarium.gnttab.kit.invariant.View.demand;

import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.gnttab.table.GrantTable;

/**
 * The invariants of spec §11 on a state. A violation is an AssertionError that begins with the invariant's number and names the domain,
 * entry, handle or frame.
 */
public final class Invariants {
  private Invariants() {}

  /** What holds after every step, whatever guests do. */
  public static void always(Machine machine) {
    always(new View(machine));
  }

  private static void always(View view) {
    Counters.i2PinsCoverMappings(view);
    Counters.i3i4Range(view);
    Counters.i5OneOwner(view);
    Counters.i69PinsOfListedDomains(view);
    Handles.i21i22Conserved(view);
    Handles.i23Limit(view, 1024);
    Handles.i24Sentinels(view);
    Handles.i27Kinds(view);
    Pages.i38LentPagesAtOneGfn(view);
    Pages.i43Free(view);
    Pages.i45i46Conserved(view);
    i53i54Tables(view);
  }

  /** What holds between calls, whatever guests do. */
  public static void quiescent(Machine machine) {
    View view = new View(machine);
    always(view);
    Counters.i1PinsAreMappings(view);
    Counters.i7PageIsTheGranters(view);
    Counters.i7References(view);
    Handles.i25Capacity(view);
    Pages.i42References(view);
  }

  /** What holds after every step while guests keep to the rules D1 to D6. */
  public static void alwaysWithGoodGuests(Machine machine) {
    Flags.i13i14BitsCoverPins(new View(machine));
  }

  /** What holds between calls while guests keep to the rules D1 to D6. */
  public static void quiescentWithGoodGuests(Machine machine) {
    View view = new View(machine);
    Flags.i11i12BitsArePins(view);
    Pages.i44FreeIsNowhere(view);
    Mappings.i31i32Bijection(view);
  }

  /** I63: under silo no live handle links two different unprivileged domains. */
  public static void silo(Machine machine) {
    for (View.Mapping mapping : new View(machine).mappings) {
      Domain granter = machine.domain(mapping.granter());
      boolean allowed = granter == mapping.mapper() || granter.privileged() || mapping.mapper().privileged();
      demand(allowed, "I63", "handle %d of domain %d maps a page of domain %d", mapping.handle(), mapping.mapper().id(), mapping.granter());
    }
  }

  private static void i53i54Tables(View view) {
    for (Domain domain : view.domains()) {
      GrantTable table = GrantTable.of(domain);
      boolean fits = table.frameCount() >= 1 && table.frameCount() <= table.maxFrames();
      demand(fits, "I53", "the table of domain %d has %d frames of %d", domain.id(), table.frameCount(), table.maxFrames());
      demand(table.version() <= table.maxVersion(), "I54", "the table of domain %d has version %d", domain.id(), table.version());
    }
  }
}
