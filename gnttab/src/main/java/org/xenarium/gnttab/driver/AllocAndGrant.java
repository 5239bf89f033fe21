package org.xenarium.gnttab.driver;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.state.Digest;

/**
 * {@code gnttab_alloc_and_grant(map, readonly)}: takes a page from the heap, grants it to domain 0, and stores its address where {@code map}
 * points. Returns the reference; -ENOMEM when the heap has no page, and then nothing has changed. The caller ends the grant and then frees
 * the page with k_free.
 */
public final class AllocAndGrant extends DriverCall {
  private enum Phase {
    ALLOCATE,
    GRANT,
    STORE
  }

  private final long map;
  private final boolean readonly;
  private Phase next = Phase.ALLOCATE;
  private long page;
  private @Nullable GrantAccess grant;
  private long ref;

  /**
   * A call.
   *
   * @param map guest address of the pointer that receives the page's address
   */
  public AllocAndGrant(long map, boolean readonly) {
    this.map = map;
    this.readonly = readonly;
  }

  @Override
  public boolean isWaiting(Vcpu vcpu) {
    return grant != null && grant.isWaiting(vcpu);
  }

  @Override
  boolean advance(Vcpu vcpu) {
    return switch (next) {
      case ALLOCATE -> allocate(vcpu);
      case GRANT -> grant(vcpu);
      case STORE -> {
        store(vcpu, map, 8, page);
        yield end(vcpu, DriverRule.ALLOCG_01, ref);
      }
    };
  }

  private boolean allocate(Vcpu vcpu) {
    page = allocate(vcpu, MachineMemory.PAGE_SIZE);
    if (page == 0) {
      return end(vcpu, DriverRule.ALLOCG_02);
    }
    grant = new GrantAccess(0, page >>> MachineMemory.PAGE_SHIFT, readonly);
    next = Phase.GRANT;
    return true;
  }

  private boolean grant(Vcpu vcpu) {
    if (grant != null && grant.step(vcpu)) {
      return true;
    }
    grant = null;
    ref = vcpu.x(0);
    if ((int) ref == GrantAccess.INVALID && driver(vcpu).has(DriverDifference.GROWING)) {
      free(vcpu, page);
      return end(vcpu, DriverRule.ALLOCG_03);
    }
    next = Phase.STORE;
    return !vcpu.isHalted();
  }

  @Override
  public Routine copy() {
    AllocAndGrant copy = (AllocAndGrant) super.copy();
    copy.grant = grant == null ? null : (GrantAccess) grant.copy();
    return copy;
  }

  @Override
  public void digest(Digest digest) {
    digest.add(map).add(readonly).add(next).add(page).add(ref).add(grant != null);
    if (grant != null) {
      grant.digest(digest);
    }
  }
}
