package org.xenarium.gnttab.model;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.gnttab.abi.MapFlags;

/** One thing that is asked of Xen, an element of a batch, with what there is to decide it by: the entry as the granter stored it. */
sealed interface Call {
  /**
   * map_grant_ref.
   *
   * @param entry null beyond the end of the granter's table, or when there is no granter
   * @param mayLackHandles whether the caller could be out of handles
   * @param mayLackTables whether its physmap could be out of page tables
   */
  record Map(int caller, int granter, int ref, int flags, long gfn, @Nullable Entry entry, boolean mayLackHandles, boolean mayLackTables)
      implements Call {
    boolean readonly() {
      return (flags & MapFlags.READONLY) != 0;
    }

    /** The same, had the frame been read when the other one was. */
    Map withFrameOf(Map other) {
      return new Map(caller, granter, ref, flags, gfn, Entry.withFrameOf(entry, other.entry), mayLackHandles, mayLackTables);
    }
  }

  /**
   * unmap_grant_ref and unmap_and_replace.
   *
   * @param address the host address that the caller says it is mapped at
   * @param replacement the new address of unmap_and_replace, else 0
   * @param entryExists whether the granter's table still has the entry
   */
  record Unmap(int caller, int handle, long address, long replacement, boolean entryExists, boolean mayLackTables) implements Call {
    long gfn() {
      return address >>> MachineMemory.PAGE_SHIFT;
    }
  }

  /** copy. */
  record Copy(int caller, Operand source, Operand dest, int length) implements Call {
    /** The same, had the frames been read when the other one was. */
    Copy withFramesOf(Copy other) {
      return new Copy(caller, source.withFrameOf(other.source), dest.withFrameOf(other.dest), length);
    }

    /** The same, had the second end been looked at when the other one was. */
    Copy withDestOf(Copy other) {
      return new Copy(caller, source, other.dest, length);
    }

    /** Does either end stand for an entry of another domain? */
    boolean passesOn() {
      return source.entry != null && source.entry.passesOn() || dest.entry != null && dest.entry.passesOn();
    }
  }

  /**
   * One end of a copy.
   *
   * @param byRef whether {@code number} is a grant reference; else it is a guest frame
   * @param domid as passed, DOMID_SELF included
   * @param entry of a reference; null where there is none
   */
  record Operand(boolean byRef, int domid, long number, int offset, @Nullable Entry entry) {
    /** Whose page it is: the domid that is meant. */
    int owner(int caller) {
      return domid == DomId.SELF ? caller : domid;
    }

    Operand withFrameOf(Operand other) {
      return new Operand(byRef, domid, number, offset, Entry.withFrameOf(entry, other.entry));
    }
  }

  /** swap_grant_ref. */
  record Swap(int caller, int a, int b, boolean bothExist) implements Call {}

  /** set_version to another version than the present one. */
  record SwitchVersion(int caller) implements Call {}

  /** A page of decrease_reservation. A direct-mapped domain keeps the page. */
  record Decrease(int domain, long gfn, boolean keeps) implements Call {}

  /** A page of populate_physmap; which one it is, Xen chooses. A direct-mapped domain gets what it owns already. */
  record Populate(int domain, long gfn, long frame, boolean owns) implements Call {}

  /** A page of increase_reservation, or of a populate_physmap that could not map it. */
  record Give(int domain, long frame) implements Call {}

  /** Xen lends a frame to a domain. One that dies never has it for its own. */
  record Lend(int domain, long frame, boolean dying) implements Call {}

  /** Xen takes back what it lent. */
  record TakeBack(int domain, long frame) implements Call {}

  /** A frame arrives at a guest frame, by add_to_physmap or acquire_resource. One that moves lies nowhere else then, in some releases (V20). */
  record Place(int domain, long gfn, Reach what, boolean moves) implements Call {}

  /** remove_from_physmap. */
  record Remove(int domain, long gfn) implements Call {}

  /** A domain is destroyed, from the first step to the last. */
  record Die(int domain) implements Call {}
}
