package org.xenarium.emulator.memoryop;

import static org.xenarium.emulator.memoryop.MemoryRule.ATP_11;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_12;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_13;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_14;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_15;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_16;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_17;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_18;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_19;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_20;
import static org.xenarium.emulator.memoryop.MemoryRule.ATP_21;
import static org.xenarium.emulator.memoryop.MemoryRule.FOREIGN_01;
import static org.xenarium.emulator.memoryop.MemoryRule.FOREIGN_02;
import static org.xenarium.emulator.memoryop.MemoryRule.FOREIGN_03;
import static org.xenarium.emulator.memoryop.MemoryRule.FOREIGN_04;
import static org.xenarium.emulator.memoryop.MemoryRule.FOREIGN_05;
import static org.xenarium.emulator.memoryop.MemoryRule.FOREIGN_06;
import static org.xenarium.emulator.memoryop.MemoryRule.FOREIGN_07;
import static org.xenarium.emulator.memoryop.MemoryRule.MMIO_01;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.hypercall.NotEmulatedException;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.emulator.semantics.Difference;

/** Puts one page of an address space into a physmap: what both forms of add_to_physmap do (spec §6.6). */
final class PageAdder {
  private final MapSpaces spaces;

  PageAdder(MapSpaces spaces) {
    this.spaces = spaces;
  }

  /** Device memory is for the hardware domain, and only for itself. */
  static boolean mayUse(Domain caller, Domain target, int space) {
    return space != MemoryAbi.SPACE_DEV_MMIO || (caller.hardware() && caller == target);
  }

  /** Does a page of that space come from a module, whose table may grow? */
  boolean locks(int space) {
    return spaces.get(space) != null;
  }

  /**
   * Adds the page with index {@code idx}.
   *
   * @param foreign id of the domain whose page it is, in space gmfn_foreign
   */
  MemoryRule add(Domain caller, Domain target, int space, int foreign, long idx, long gfn) {
    return switch (space) {
      case MemoryAbi.SPACE_SHARED_INFO -> idx == 0 ? mapUnlessMapped(target, target.sharedInfo(), gfn, false) : ATP_13;
      case MemoryAbi.SPACE_GMFN -> ATP_11;
      case MemoryAbi.SPACE_GMFN_FOREIGN -> addForeign(caller, target, foreign, idx, gfn);
      case MemoryAbi.SPACE_DEV_MMIO -> target.memoryConfig().devices().contains(idx) ? set(target, gfn, idx, EntryType.MMIO_CACHED) : MMIO_01;
      default -> addFrom(spaces.get(space), target, idx, gfn);
    };
  }

  private static MemoryRule addFrom(@Nullable MapSpace frames, Domain target, long idx, long gfn) {
    if (frames == null) {
      return ATP_12;
    }
    long mfn = frames.frame(target, idx);
    return mfn == Mfn.NONE ? ATP_14 : map(target, mfn, gfn);
  }

  /** Holds a reference meanwhile; shared_info is mapped without one, so it can be even when its last one is gone (measured on 4.17.7). */
  private static MemoryRule map(Domain target, long mfn, long gfn) {
    MachineMemory memory = target.world().memory();
    if (!memory.get(mfn, target.incarnation())) {
      return ATP_15;
    }
    MemoryRule rule = mapUnlessMapped(target, mfn, gfn, true);
    memory.put(mfn);
    return rule;
  }

  /** Before V20, a grant frame that lies somewhere is moved, and shared_info then lies at both places. */
  private static MemoryRule mapUnlessMapped(Domain target, long mfn, long gfn, boolean moves) {
    long lies = target.world().memory().storedGfn(mfn);
    if (lies != Mfn.NONE && target.world().semantics().has(Difference.ADDED_FRAME_STAYS)) {
      return ATP_16;
    }
    if (lies != Mfn.NONE && moves) {
      target.physmap().remove(lies, mfn);
    }
    return set(target, gfn, mfn, EntryType.RAM_RW);
  }

  private static MemoryRule addForeign(Domain caller, Domain target, int foreign, long idx, long gfn) {
    boolean refusesSelf = caller.world().semantics().has(Difference.FOREIGN_IO_REFUSED);
    if (foreign == caller.id()) {
      return refusesSelf ? FOREIGN_02 : FOREIGN_03;
    }
    if (foreign == DomId.XEN || (foreign == DomId.IO && !refusesSelf)) {
      return addOfXen(target, foreign);
    }
    Domain owner = refusesSelf ? caller.world().domain(foreign) : caller.world().domainOrSelf(foreign, caller);
    if (owner == null) {
      return FOREIGN_01;
    }
    if (owner == target) {
      return FOREIGN_04;
    }
    return target.mayActOn(owner) ? addPageOf(owner, target, idx, gfn) : FOREIGN_05;
  }

  /** Pages of Xen's own domains are not modelled: there are none. */
  private static MemoryRule addOfXen(Domain target, int owner) {
    if (!target.privileged()) {
      return FOREIGN_05;
    }
    if (owner == DomId.IO) {
      throw new NotEmulatedException("gmfn_foreign with DOMID_IO, which brings this release of Xen down (V33)");
    }
    return FOREIGN_06;
  }

  /** The reference taken here stays with the new entry. */
  private static MemoryRule addPageOf(Domain owner, Domain target, long idx, long gfn) {
    MachineMemory memory = target.world().memory();
    long mfn = owner.physmap().lookupAndGet(idx);
    if (mfn == Mfn.NONE) {
      return FOREIGN_06;
    }
    EntryType source = Physmap.type(owner.physmap().entry(idx));
    MemoryRule rule =
        source.isRam() ? set(target, gfn, mfn, source.writable() ? EntryType.MAP_FOREIGN_RW : EntryType.MAP_FOREIGN_RO) : FOREIGN_07;
    if (rule != ATP_19) {
      memory.put(mfn);
    }
    return rule;
  }

  private static MemoryRule set(Domain target, long gfn, long mfn, EntryType type) {
    return switch (target.physmap().set(gfn, mfn, type)) {
      case OUT_OF_REACH -> ATP_17;
      case DYING -> ATP_18;
      case NO_TABLE -> ATP_20;
      case NO_SPLIT -> ATP_21;
      case DONE, OTHER_FRAME -> ATP_19;
    };
  }
}
