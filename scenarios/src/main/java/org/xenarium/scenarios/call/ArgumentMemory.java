package org.xenarium.scenarios.call;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Struct;

/** The memory in which a grant hypercall is told that its arguments lie, as it was when the call began: RAM of the caller's, or not. */
final class ArgumentMemory {
  private final Domain caller;
  private final Operation operation;
  private final long first;
  private final long end;
  private final long entries;
  private final long before;

  private ArgumentMemory(Domain caller, Operation operation, long first, long end) {
    this.caller = caller;
    this.operation = operation;
    this.first = first;
    this.end = end;
    entries = entries();
    before = state();
  }

  /** That of a call which says where its arguments lie; null for other calls, whose arguments lie in the guest's own memory. */
  static @Nullable ArgumentMemory of(Domain caller, GuestCall call) {
    if (call.pointer().isEmpty()) {
      return null;
    }
    Struct struct = call.operation().struct();
    long first = call.pointer().getAsLong();
    long count = struct.isCounted() ? call.passed().orElse(call.elements()) : 1;
    return new ArgumentMemory(caller, call.operation(), first, first + count * struct.size());
  }

  /** Whether the entries of its pages are still what they were. */
  boolean isAsBefore() {
    return entries() == entries;
  }

  /** Whether nothing has changed that such a call could change. */
  boolean hasChangedNothing() {
    return state() == before;
  }

  /** Whether all of it is RAM of the caller's, to read arguments and to write answers. */
  boolean isGood() {
    return firstBad(true) == end;
  }

  /** Whether not even the first argument lies in RAM of the caller's as a whole. */
  boolean isBadAtOnce() {
    return firstBad(false) < Math.min(end, first + operation.struct().size());
  }

  private long firstBad(boolean toWrite) {
    for (long at = first; at < end; at = (at & -MachineMemory.PAGE_SIZE) + MachineMemory.PAGE_SIZE) {
      if (!isRamOfTheCaller(at >>> MachineMemory.PAGE_SHIFT, toWrite)) {
        return at;
      }
    }
    return end;
  }

  /**
   * A domain's own page is its RAM also where it has granted it to itself, perhaps only to read. A frame of Xen's heap that has lost its last
   * reference can be mapped again and read by the guest, but no hypercall takes it.
   */
  private boolean isRamOfTheCaller(long gfn, boolean toWrite) {
    long entry = caller.physmap().entry(gfn);
    MachineMemory memory = caller.world().memory();
    boolean mapped = entry != Physmap.HOLE && (Physmap.type(entry).isRam() || Physmap.type(entry).isGrant());
    if (!mapped || toWrite && Physmap.type(entry) == EntryType.GRANT_MAP_RO) {
      return false;
    }
    long mfn = Physmap.mfn(entry);
    return memory.owner(mfn) == caller.incarnation() && memory.references(mfn) > 0;
  }

  private long entries() {
    long page = first >>> MachineMemory.PAGE_SHIFT;
    long[] seen = new long[(int) ((end - 1 >>> MachineMemory.PAGE_SHIFT) - page) + 1];
    Arrays.setAll(seen, i -> caller.physmap().entry(page + i));
    return Arrays.hashCode(seen);
  }

  private long state() {
    Digest digest = new Digest();
    for (Domain domain : caller.world().domains()) {
      domain.physmap().digest(digest);
      GrantTable.of(domain).digest(digest);
    }
    return digest.value();
  }
}
