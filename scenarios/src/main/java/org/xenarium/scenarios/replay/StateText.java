package org.xenarium.scenarios.replay;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.Maptrack;
import org.xenarium.gnttab.table.Pins;
import org.xenarium.gnttab.table.SharedEntries;

/** Hidden state in words, for the place where an answer differs. */
public final class StateText {
  private StateText() {}

  /** A grant entry, what its granter wrote and what the hypervisor keeps. */
  public static String entry(Machine machine, Domain caller, int domid, int ref) {
    Domain granter = machine.world().domainOrSelf(domid, caller);
    if (granter == null) {
      return text("domain %d: not in the domain list", domid);
    }
    GrantTable table = GrantTable.of(granter);
    if (!table.contains(ref)) {
      return text("entry %s of domain %d: beyond the %d entries of the table", Integer.toUnsignedString(ref), granter.id(), table.entryCount());
    }
    int header = SharedEntries.header(granter, table, ref);
    int pin = table.active().pin(ref);
    return text(
        "entry %d of domain %d: flags 0x%04x, domid %d, frame 0x%x; pins: %d writing, %d reading%s",
        ref,
        granter.id(),
        header & 0xffff,
        header >>> 16,
        SharedEntries.frame(granter, table, ref),
        Pins.hostWrites(pin),
        Pins.hostReads(pin),
        pin == 0 ? "" : text(" by domain %d on mfn 0x%x", table.active().domid(ref), table.active().mfn(ref)));
  }

  /** A handle of a domain's maptrack. */
  public static String handle(Domain caller, int handle) {
    Maptrack maptrack = GrantTable.of(caller).maptrack();
    String name = text("handle %s of domain %d: ", Integer.toUnsignedString(handle), caller.id());
    if (Integer.compareUnsigned(handle, maptrack.limit()) >= 0) {
      return name + "beyond the " + maptrack.limit() + " handles of the maptrack";
    }
    if (!maptrack.isLive(handle)) {
      return name + "free";
    }
    return name + text("maps entry %d of domain %d, flags 0x%x", maptrack.ref(handle), maptrack.domid(handle), maptrack.flags(handle));
  }

  /** What stands at a guest address. */
  public static String address(Domain domain, long address) {
    return frame(domain, address >>> MachineMemory.PAGE_SHIFT);
  }

  /** What stands at a guest frame. */
  public static String frame(Domain domain, long gfn) {
    long entry = domain.physmap().entry(gfn);
    String name = text("gfn 0x%x of domain %d: ", gfn, domain.id());
    if (Long.compareUnsigned(gfn, domain.physmap().reach()) >= 0) {
      return name + "beyond the reach of the physmap";
    }
    if (entry == Physmap.HOLE) {
      return name + "a hole";
    }
    long mfn = Physmap.mfn(entry);
    MachineMemory memory = domain.world().memory();
    return name + Physmap.type(entry).name().toLowerCase(Locale.ROOT) + ", " + page(memory, mfn);
  }

  private static String page(MachineMemory memory, long mfn) {
    if (!memory.isValid(mfn)) {
      return text("mfn 0x%x without memory", mfn);
    }
    return text("mfn 0x%x (owner %d, %d references)", mfn, DomId.of(memory.owner(mfn)), memory.references(mfn));
  }

  /** A frame of a grant table. */
  public static String tableFrame(@Nullable Domain domain, int index) {
    if (domain == null) {
      return "the domain is not in the domain list";
    }
    GrantTable table = GrantTable.of(domain);
    if (Integer.compareUnsigned(index, table.frameCount()) >= 0) {
      return text("grant table of domain %d: %d of at most %d frames", domain.id(), table.frameCount(), table.maxFrames());
    }
    long gfn = domain.world().memory().storedGfn(table.frame(index));
    return text("grant frame %d of domain %d: %s", index, domain.id(), gfn == Mfn.NONE ? "nowhere mapped" : text("at gfn 0x%x", gfn));
  }

  static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
