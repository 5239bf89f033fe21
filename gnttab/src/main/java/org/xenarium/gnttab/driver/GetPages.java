package org.xenarium.gnttab.driver;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.emulator.state.Digest;

/**
 * {@code gnttab_get_pages(npages)}: a range of pages at which grants can be mapped. From an extended region where there are any; otherwise from
 * the heap, and then each page is taken out of the physmap first, because a mapping would overwrite it. Returns the base address, or 0.
 *
 * <p>When a page cannot be taken out, those before it are put back. Older drivers know {@code gnttab_get_page()} only.
 */
public final class GetPages extends DriverCall {
  private enum Phase {
    ALLOCATE,
    REMOVE,
    REMOVED,
    PUT_BACK
  }

  private final int count;
  private Phase next = Phase.ALLOCATE;
  private long base;
  private int removed;
  private @Nullable PutPages undo;

  /**
   * A call.
   *
   * @param count pages, unsigned
   */
  public GetPages(int count) {
    this.count = count;
  }

  @Override
  boolean advance(Vcpu vcpu) {
    GrantDriver driver = driver(vcpu);
    return switch (next) {
      case ALLOCATE -> allocate(vcpu, driver);
      case REMOVE -> {
        long stack = stack(vcpu);
        store(vcpu, stack + MemoryAbi.REMOVE_DOMID, 2, DomId.SELF);
        store(vcpu, stack + MemoryAbi.REMOVE_GPFN, 8, (base >>> MachineMemory.PAGE_SHIFT) + removed);
        vcpu.issue(MemoryAbi.HYPERCALL, MemoryAbi.REMOVE_FROM_PHYSMAP, stack, 0);
        next = Phase.REMOVED;
        yield true;
      }
      case REMOVED -> removed(vcpu, driver);
      case PUT_BACK -> putBack(vcpu);
    };
  }

  private boolean allocate(Vcpu vcpu, GrantDriver driver) {
    PageCalls.demand(driver.config(), "gnttab_get_pages", count);
    if (count == 0) {
      return end(vcpu, DriverRule.GETPG_02);
    }
    long pages = Integer.toUnsignedLong(count);
    boolean fromRegions = driver.config().takesPagesFromRegions();
    base = fromRegions ? driver.regions().allocate(pages) : allocate(vcpu, pages << MachineMemory.PAGE_SHIFT);
    if (base == 0) {
      return end(vcpu, DriverRule.GETPG_03);
    }
    next = Phase.REMOVE;
    return !fromRegions || end(vcpu, DriverRule.GETPG_01, base);
  }

  private boolean removed(Vcpu vcpu, GrantDriver driver) {
    if (vcpu.x(0) != 0 && removed > 0) {
      undo = PutPages.undo(base, removed);
      next = Phase.PUT_BACK;
      return true;
    }
    if (vcpu.x(0) != 0) {
      return failAtFirst(vcpu, driver);
    }
    removed++;
    next = Phase.REMOVE;
    return removed != count || end(vcpu, DriverRule.GETPG_01, base);
  }

  private boolean failAtFirst(Vcpu vcpu, GrantDriver driver) {
    if (driver.has(DriverDifference.BLOCK_LOST)) {
      return end(vcpu, DriverRule.GETPG_05);
    }
    free(vcpu, base);
    return end(vcpu, DriverRule.GETPG_04);
  }

  private boolean putBack(Vcpu vcpu) {
    if (undo != null && undo.step(vcpu)) {
      return true;
    }
    undo = null;
    if (vcpu.isHalted()) {
      return false;
    }
    return vcpu.x(0) == 0 ? end(vcpu, DriverRule.GETPG_04) : panic(vcpu, DriverRule.GETPG_06, base);
  }

  @Override
  public Routine copy() {
    GetPages copy = (GetPages) super.copy();
    copy.undo = undo == null ? null : (PutPages) undo.copy();
    return copy;
  }

  @Override
  public void digest(Digest digest) {
    digest.add(count).add(next).add(base).add(removed).add(undo != null);
    if (undo != null) {
      undo.digest(digest);
    }
  }
}
