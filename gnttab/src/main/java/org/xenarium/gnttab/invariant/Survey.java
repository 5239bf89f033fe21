package org.xenarium.gnttab.invariant;

import java.util.List;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.gnttab.abi.MapFlags;
import org.xenarium.gnttab.table.ActiveEntries;
import org.xenarium.gnttab.table.Maptrack;

/** Learns domains that a watch has not seen before: goes through all of their frames, entries, handles and guest frames. */
final class Survey {
  private final State state;
  private final Changes changes;

  Survey(State state, Changes changes) {
    this.state = state;
    this.changes = changes;
  }

  void learn(List<DomainView> views) {
    for (DomainView view : views) {
      measure(view);
      frames(view);
    }
    for (DomainView view : views) {
      ActiveEntries active = view.table.active();
      for (long ref = active.nextPinned(0); ref >= 0; ref = active.nextPinned(ref + 1)) {
        changes.entry(view, (int) ref);
      }
      Physmap physmap = view.domain.physmap();
      for (long gfn = physmap.next(0); gfn >= 0; gfn = physmap.next(gfn + 1)) {
        changes.gfn(view, gfn);
      }
    }
    for (DomainView view : views) {
      for (int handle = 0; handle < view.table.maptrack().limit(); handle++) {
        changes.handle(view, handle);
        if (view.table.maptrack().flags(handle) != 0) {
          locate(view, handle);
        }
      }
    }
  }

  private static void measure(DomainView view) {
    FreeLists.recount(view);
    view.maxMapped = view.domain.physmap().maxMapped();
    view.totPages = view.domain.totPages();
    view.limit = view.table.maptrack().limit();
  }

  private void frames(DomainView view) {
    MachineMemory memory = state.memory;
    int id = view.incarnation;
    for (long mfn = memory.nextOwned(id, memory.firstMfn()); mfn != Mfn.NONE; mfn = memory.nextOwned(id, mfn + 1)) {
      changes.frame(mfn);
    }
  }

  /** Nobody has seen at which address the handle was mapped: takes the first guest frame that fits. */
  private static void locate(DomainView mapper, int handle) {
    if (mapper.addresses.gfn(handle) != Addresses.NONE) {
      return;
    }
    boolean readonly = (mapper.table.maptrack().flags(handle) & MapFlags.READONLY) != 0;
    Physmap physmap = mapper.domain.physmap();
    for (long gfn = physmap.next(0); gfn >= 0; gfn = physmap.next(gfn + 1)) {
      EntryType type = Physmap.type(physmap.entry(gfn));
      boolean fits = type == (readonly ? EntryType.GRANT_MAP_RO : EntryType.GRANT_MAP_RW);
      if (fits && Physmap.mfn(physmap.entry(gfn)) == mapper.addresses.mfn(handle) && mapper.addresses.handleAt(gfn) == Addresses.NONE) {
        mapper.addresses.mapped(handle, gfn);
        return;
      }
    }
  }
}
