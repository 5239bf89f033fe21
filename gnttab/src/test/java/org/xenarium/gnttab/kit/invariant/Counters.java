package org.xenarium.gnttab.kit.invariant;

import static org.xenarium.gnttab.kit.invariant.View.demand;

import org.xenarium.gnttab.kit.invariant.View.Entry;
import org.xenarium.gnttab.kit.invariant.View.Mapping;
import org.xenarium.gnttab.table.Pins;

/** I1 to I10: pins and who they belong to (spec §11.2). */
final class Counters {
  private Counters() {}

  static void i1PinsAreMappings(View view) {
    for (Entry entry : view.entries) {
      long writers = view.mappings.stream().filter(m -> m.isOf(entry) && !m.readonly()).count();
      long readers = view.mappings.stream().filter(m -> m.isOf(entry) && m.readonly()).count();
      demand(
          entry.writes() == writers && entry.reads() == readers,
          "I1",
          "%s has %d writable and %d read-only mappings",
          entry,
          writers,
          readers);
    }
    for (Mapping mapping : view.mappings) {
      demand(
          view.entries.stream().anyMatch(entry -> mapping.isOf(entry)),
          "I1",
          "handle %d of domain %d maps entry %d of domain %d, which is not pinned",
          mapping.handle(),
          mapping.mapper().id(),
          mapping.ref(),
          mapping.granter());
    }
  }

  /** In the middle of calls there can be more pins than mappings, never fewer. */
  static void i2PinsCoverMappings(View view) {
    for (Entry entry : view.entries) {
      long mappings = view.mappings.stream().filter(m -> m.isOf(entry)).count();
      demand(entry.writes() + entry.reads() >= mappings, "I2", "%s has %d mappings", entry, mappings);
    }
  }

  static void i3i4Range(View view) {
    for (Entry entry : view.entries) {
      demand(entry.writes() <= Pins.LIMIT && entry.reads() <= Pins.LIMIT, "I3", "%s counts beyond 128", entry);
      demand(entry.pin() >>> 16 == 0, "I4", "%s has device pins: 0x%08x", entry, entry.pin());
    }
  }

  static void i5OneOwner(View view) {
    for (Mapping mapping : view.mappings) {
      for (Entry entry : view.entries) {
        demand(
            !mapping.isOf(entry) || entry.domid() == mapping.mapper().id(),
            "I5",
            "%s is mapped by domain %d",
            entry,
            mapping.mapper().id());
      }
    }
  }

  /** Not in the middle of a map: the last mapping of a zombie's page can go between the pin and its reference (MAP-11). */
  static void i7PageIsTheGranters(View view) {
    for (Entry entry : view.entries) {
      int owner = view.memory().owner(entry.mfn());
      demand(owner == entry.granter().incarnation(), "I7", "%s pins frame 0x%x, whose owner is %d", entry, entry.mfn(), owner);
    }
  }

  /** Between M4 and M5 a pin is there and its reference not yet: this holds between calls only. */
  static void i7References(View view) {
    for (Entry entry : view.entries) {
      long references = view.memory().references(entry.mfn());
      boolean held = references >= entry.writes() + entry.reads();
      demand(held, "I7", "%s pins frame 0x%x, which has %d references", entry, entry.mfn(), references);
    }
  }

  static void i69PinsOfListedDomains(View view) {
    for (Entry entry : view.entries) {
      demand(view.machine.world().domain(entry.domid()) != null, "I69", "%s is pinned for a domain that is gone", entry);
    }
    for (Mapping mapping : view.mappings) {
      demand(
          view.machine.world().domain(mapping.granter()) != null,
          "I66",
          "handle %d of domain %d names domain %d, which is gone",
          mapping.handle(),
          mapping.mapper().id(),
          mapping.granter());
    }
  }
}
