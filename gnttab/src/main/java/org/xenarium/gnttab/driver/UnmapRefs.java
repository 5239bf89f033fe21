package org.xenarium.gnttab.driver;

import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.UnmapLayout;

/**
 * {@code gnttab_unmap_refs(unmap_ops, count)}: unmaps foreign grants. Returns what the hypercall returned, 0 when it completed; how each
 * element went is in its status.
 */
public final class UnmapRefs extends RefsCall {
  /**
   * A call on elements that lie in guest memory.
   *
   * @param array guest address of {@code struct gnttab_unmap_grant_ref[count]}
   */
  public UnmapRefs(long array, int count) {
    super(GnttabOp.UNMAP_GRANT_REF, UnmapLayout.SIZE, UnmapLayout.HOST_ADDR, array, count);
  }
}
