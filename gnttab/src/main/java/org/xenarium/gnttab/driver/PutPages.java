package org.xenarium.gnttab.driver;

import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.Errno;

/**
 * {@code gnttab_put_pages(start_addr, npages)}: gives back what {@link GetPages} gave. To the region; or by populating the physmap again and
 * freeing the block of the heap. Returns 0 or a negative errno, and then all is as before.
 *
 * <p>The caller must name what it got, with no grant mapped there any more. Nothing checks that; it is remarked.
 */
public final class PutPages extends DriverCall {
  private enum Phase {
    BEGIN,
    ALLOCATE,
    FILL,
    POPULATE,
    POPULATED,
    REMOVE,
    REMOVED
  }

  private final long start;
  private final int count;
  private final boolean undoes;
  private Phase next = Phase.BEGIN;

  /** The block that holds the frame numbers for the hypercall. */
  private long list;

  /** Frame numbers written, or pages that are populated and must not stay so. */
  private int index;

  /**
   * A call.
   *
   * @param count pages, unsigned
   */
  public PutPages(long start, int count) {
    this(start, count, false);
  }

  private PutPages(long start, int count, boolean undoes) {
    this.start = start;
    this.count = count;
    this.undoes = undoes;
  }

  /** The driver itself puts the first pages of a block back that are out of the physmap, and frees all of the block. */
  static PutPages undo(long start, int count) {
    return new PutPages(start, count, true);
  }

  @Override
  boolean advance(Vcpu vcpu) {
    GrantDriver driver = driver(vcpu);
    return switch (next) {
      case BEGIN -> begin(vcpu, driver);
      case ALLOCATE -> {
        list = allocate(vcpu, Integer.toUnsignedLong(count) * Long.BYTES);
        next = Phase.FILL;
        yield list != 0 || end(vcpu, DriverRule.PUTPG_03);
      }
      case FILL -> {
        store(vcpu, list + 8L * index, 8, gfn(index));
        next = ++index == count ? Phase.POPULATE : Phase.FILL;
        yield !vcpu.isHalted();
      }
      case POPULATE -> populate(vcpu);
      case POPULATED -> populated(vcpu, driver);
      case REMOVE -> {
        index--;
        store(vcpu, stack(vcpu) + MemoryAbi.REMOVE_DOMID, 2, DomId.SELF);
        store(vcpu, stack(vcpu) + MemoryAbi.REMOVE_GPFN, 8, gfn(index));
        vcpu.issue(MemoryAbi.HYPERCALL, MemoryAbi.REMOVE_FROM_PHYSMAP, stack(vcpu), 0);
        next = Phase.REMOVED;
        yield true;
      }
      case REMOVED -> removed(vcpu);
    };
  }

  private long gfn(int page) {
    return (start >>> MachineMemory.PAGE_SHIFT) + page;
  }

  private boolean begin(Vcpu vcpu, GrantDriver driver) {
    PageCalls.demand(driver.config(), "gnttab_put_pages", count);
    boolean toRegions = driver.config().takesPagesFromRegions();
    if (!undoes) {
      remark(vcpu, driver, toRegions);
    }
    if (toRegions) {
      return putInRegion(vcpu, driver);
    }
    next = Phase.ALLOCATE;
    return count != 0 || end(vcpu, DriverRule.PUTPG_02);
  }

  /** What the caller should not have done. */
  private void remark(Vcpu vcpu, GrantDriver driver, boolean toRegions) {
    if (!toRegions && driver.heap().blockAt(start) != count) {
      note(vcpu, DriverRule.PUTPG_12, start);
    }
    Physmap physmap = vcpu.domain().physmap();
    for (long gfn = gfn(0), end = gfn + Integer.toUnsignedLong(count); gfn < end; gfn++) {
      gfn = physmap.next(gfn);
      if (gfn < 0 || gfn >= end) {
        return;
      }
      if (Physmap.type(physmap.entry(gfn)).isGrant()) {
        note(vcpu, DriverRule.PUTPG_13, gfn << MachineMemory.PAGE_SHIFT);
      }
    }
  }

  private boolean putInRegion(Vcpu vcpu, GrantDriver driver) {
    int result = driver.regions().free(start, Integer.toUnsignedLong(count));
    if (driver.has(DriverDifference.PUT_IGNORES_REGION)) {
      return end(vcpu, DriverRule.PUTPG_10);
    }
    return end(
        vcpu,
        switch (result) {
          case 0 -> DriverRule.PUTPG_06;
          case -Errno.EIO -> DriverRule.PUTPG_07;
          case -Errno.EINVAL -> DriverRule.PUTPG_08;
          default -> DriverRule.PUTPG_09;
        });
  }

  private boolean populate(Vcpu vcpu) {
    long stack = stack(vcpu);
    store(vcpu, stack + MemoryAbi.RESERVATION_EXTENT_START, 8, list);
    store(vcpu, stack + MemoryAbi.RESERVATION_NR_EXTENTS, 8, Integer.toUnsignedLong(count));
    store(vcpu, stack + MemoryAbi.RESERVATION_EXTENT_ORDER, 4, 0);
    store(vcpu, stack + MemoryAbi.RESERVATION_MEM_FLAGS, 4, 0);
    store(vcpu, stack + MemoryAbi.RESERVATION_DOMID, 2, DomId.SELF);
    vcpu.issue(MemoryAbi.HYPERCALL, MemoryAbi.POPULATE_PHYSMAP, stack, 0);
    next = Phase.POPULATED;
    return true;
  }

  private boolean populated(Vcpu vcpu, GrantDriver driver) {
    index = (int) vcpu.x(0);
    free(vcpu, list);
    list = 0;
    if (index == count) {
      free(vcpu, start);
      return !vcpu.isHalted() && end(vcpu, DriverRule.PUTPG_01);
    }
    if (driver.has(DriverDifference.PARTIAL_PUT)) {
      return end(vcpu, DriverRule.PUTPG_05);
    }
    next = Phase.REMOVE;
    return index > 0 || end(vcpu, DriverRule.PUTPG_04);
  }

  private boolean removed(Vcpu vcpu) {
    if (vcpu.x(0) != 0) {
      return panic(vcpu, DriverRule.PUTPG_11, gfn(index));
    }
    next = Phase.REMOVE;
    return index > 0 || end(vcpu, DriverRule.PUTPG_04);
  }

  @Override
  public void digest(Digest digest) {
    digest.add(start).add(count).add(undoes).add(next).add(list).add(index);
  }
}
