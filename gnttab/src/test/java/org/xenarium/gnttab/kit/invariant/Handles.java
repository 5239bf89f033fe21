package org.xenarium.gnttab.kit.invariant;

import static org.xenarium.gnttab.kit.invariant.View.demand;

import java.util.BitSet;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Life;
import org.xenarium.gnttab.kit.invariant.View.Mapping;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.Maptrack;

/** I21 to I27: handles and their lists (spec §11.4). */
final class Handles {
  private Handles() {}

  /** Every handle is live, or on exactly one free list, or in the hands of a call in flight. The lists of a dying domain mean nothing (§5.2). */
  static void i21i22Conserved(View view) {
    for (Domain domain : view.domains()) {
      if (domain.life() != Life.ALIVE) {
        continue;
      }
      Maptrack maptrack = GrantTable.of(domain).maptrack();
      BitSet seen = new BitSet();
      for (int vcpu = 0; vcpu < domain.vcpuCount(); vcpu++) {
        walk(domain, maptrack, vcpu, seen);
      }
      for (int handle = 0; handle < maptrack.limit(); handle++) {
        if (maptrack.flags(handle) != 0) {
          demand(!seen.get(handle), "I21", "handle %d of domain %d is live and on a free list", handle, domain.id());
          seen.set(handle);
        }
      }
      int missing = maptrack.limit() - seen.cardinality();
      int inFlight = view.callsInFlight(domain);
      demand(
          missing <= inFlight,
          "I22",
          "of the %d handles of domain %d, %d are neither live nor free (the first is %d), with %d calls in flight",
          maptrack.limit(),
          domain.id(),
          missing,
          seen.nextClearBit(0),
          inFlight);
    }
  }

  private static void walk(Domain domain, Maptrack maptrack, int vcpu, BitSet seen) {
    int last = Maptrack.NONE;
    for (int handle = maptrack.head(vcpu); handle != Maptrack.NONE; handle = maptrack.next(handle)) {
      demand(
          Integer.compareUnsigned(handle, maptrack.limit()) < 0,
          "I22",
          "the list of vCPU %d of domain %d leads to %d, beyond the limit %d",
          vcpu,
          domain.id(),
          handle,
          maptrack.limit());
      demand(!seen.get(handle), "I22", "handle %d of domain %d is on free lists twice", handle, domain.id());
      seen.set(handle);
      last = handle;
    }
    demand(
        last == maptrack.tail(vcpu),
        "I22",
        "the list of vCPU %d of domain %d ends at %d and its tail is %d",
        vcpu,
        domain.id(),
        last,
        maptrack.tail(vcpu));
  }

  static void i23Limit(View view, int maxFrames) {
    for (Domain domain : view.domains()) {
      int limit = GrantTable.of(domain).maptrack().limit();
      demand(limit % 256 == 0 && limit <= 256 * maxFrames, "I23", "domain %d has %d handles", domain.id(), limit);
    }
  }

  /** A vCPU that ever had a list has a tail. */
  static void i24Sentinels(View view) {
    for (Domain domain : view.domains()) {
      Maptrack maptrack = GrantTable.of(domain).maptrack();
      for (int vcpu = 0; vcpu < domain.vcpuCount(); vcpu++) {
        demand(
            (maptrack.tail(vcpu) == Maptrack.NONE) == (maptrack.head(vcpu) == Maptrack.NONE),
            "I24",
            "the list of vCPU %d of domain %d is empty, yet it had one",
            vcpu,
            domain.id());
      }
    }
  }

  static void i25Capacity(View view) {
    for (Domain domain : view.domains()) {
      Maptrack maptrack = GrantTable.of(domain).maptrack();
      int lists = 0;
      for (int vcpu = 0; vcpu < domain.vcpuCount(); vcpu++) {
        lists += maptrack.tail(vcpu) == Maptrack.NONE ? 0 : 1;
      }
      long live = view.mappings.stream().filter(m -> m.mapper() == domain).count();
      demand(
          domain.life() != Life.ALIVE || live <= maptrack.limit() - lists,
          "I25",
          "domain %d has %d live handles of %d with %d lists",
          domain.id(),
          live,
          maptrack.limit(),
          lists);
    }
  }

  static void i27Kinds(View view) {
    for (Mapping mapping : view.mappings) {
      demand(
          mapping.flags() == 2 || mapping.flags() == 6,
          "I27",
          "handle %d of domain %d is live with flags 0x%x",
          mapping.handle(),
          mapping.mapper().id(),
          mapping.flags());
    }
  }
}
