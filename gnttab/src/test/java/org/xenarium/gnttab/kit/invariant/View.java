package org.xenarium.gnttab.kit.invariant;

import java.util.ArrayList;
import java.util.List;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.gnttab.abi.MapFlags;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.Maptrack;
import org.xenarium.gnttab.table.Pins;

/** A machine as the invariants look at it: its live mappings and its pinned entries. */
final class View {
  /** A live handle and what it stands for. */
  record Mapping(Domain mapper, int handle, int flags, int granter, int ref) {
    boolean readonly() {
      return (flags & MapFlags.READONLY) != 0;
    }

    boolean isOf(Entry entry) {
      return granter == entry.granter().id() && ref == entry.ref();
    }
  }

  /** A pinned entry. */
  record Entry(Domain granter, int ref, int pin, int domid, long mfn) {
    int writes() {
      return Pins.hostWrites(pin);
    }

    int reads() {
      return Pins.hostReads(pin);
    }

    @Override
    public String toString() {
      String pins = reads() + " read, " + writes() + " write";
      return "entry " + ref + " of domain " + granter.id() + " (pins: " + pins + ", of domain " + domid + ")";
    }
  }

  final Machine machine;
  final List<Mapping> mappings = new ArrayList<>();
  final List<Entry> entries = new ArrayList<>();

  View(Machine machine) {
    this.machine = machine;
    for (Domain domain : machine.world().domains()) {
      GrantTable table = GrantTable.of(domain);
      Maptrack maptrack = table.maptrack();
      for (int handle = 0; handle < maptrack.limit(); handle++) {
        if (maptrack.flags(handle) != 0) {
          mappings.add(new Mapping(domain, handle, maptrack.flags(handle), maptrack.domid(handle), maptrack.ref(handle)));
        }
      }
      for (long ref = table.active().nextPinned(0); ref >= 0; ref = table.active().nextPinned(ref + 1)) {
        int r = (int) ref;
        entries.add(new Entry(domain, r, table.active().pin(r), table.active().domid(r), table.active().mfn(r)));
      }
    }
  }

  MachineMemory memory() {
    return machine.world().memory();
  }

  List<Domain> domains() {
    return machine.world().domains();
  }

  /** How many calls are in flight; none in a quiescent state. */
  int callsInFlight(Domain domain) {
    int calls = 0;
    for (int i = 0; i < domain.vcpuCount(); i++) {
      Vcpu vcpu = domain.vcpu(i);
      calls += vcpu.call() == null ? 0 : 1;
    }
    return calls;
  }

  static void demand(boolean holds, String number, String message, Object... values) {
    if (!holds) {
      throw new AssertionError(number + " is violated: " + String.format(message, values));
    }
  }
}
