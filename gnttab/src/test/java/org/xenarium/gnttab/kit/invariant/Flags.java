package org.xenarium.gnttab.kit.invariant;

import static org.xenarium.gnttab.abi.GrantFlags.READING;
import static org.xenarium.gnttab.abi.GrantFlags.WRITING;
import static org.xenarium.gnttab.kit.invariant.View.demand;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.Pins;
import org.xenarium.gnttab.table.SharedEntries;

/** I11 to I14: the two bits that Xen writes (spec §11.3). They hold while no guest writes these bits itself. */
final class Flags {
  private Flags() {}

  static void i11i12BitsArePins(View view) {
    forEachEntry(
        view,
        (domain, ref, flags, pin) -> {
          boolean writes = Pins.hostWrites(pin) > 0;
          demand(
              (flags & WRITING) != 0 == writes,
              "I11",
              "entry %d of domain %d has flags 0x%04x and %d write pins",
              ref,
              domain.id(),
              flags,
              Pins.hostWrites(pin));
          boolean reading = (flags & READING) != 0;
          demand(reading == (pin != 0), "I12", "entry %d of domain %d has flags 0x%04x and pins 0x%08x", ref, domain.id(), flags, pin);
        });
  }

  static void i13i14BitsCoverPins(View view) {
    forEachEntry(
        view,
        (domain, ref, flags, pin) -> {
          demand(
              (flags & WRITING) == 0 || (flags & READING) != 0,
              "I13",
              "entry %d of domain %d has flags 0x%04x: writing without reading",
              ref,
              domain.id(),
              flags);
          boolean covered = (pin == 0 || (flags & READING) != 0) && (Pins.hostWrites(pin) == 0 || (flags & WRITING) != 0);
          demand(covered, "I14", "entry %d of domain %d has flags 0x%04x and pins 0x%08x", ref, domain.id(), flags, pin);
        });
  }

  private interface EntryCheck {
    void check(Domain domain, int ref, int flags, int pin);
  }

  private static void forEachEntry(View view, EntryCheck check) {
    for (Domain domain : view.domains()) {
      GrantTable table = GrantTable.of(domain);
      for (int ref = 0; ref < table.entryCount(); ref++) {
        check.check(domain, ref, SharedEntries.header(domain, table, ref) & 0xffff, table.active().pin(ref));
      }
    }
  }
}
