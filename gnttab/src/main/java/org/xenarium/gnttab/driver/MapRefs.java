package org.xenarium.gnttab.driver;

import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.MapLayout;

/**
 * {@code gnttab_map_refs(map_ops, count)}: maps foreign grants at addresses in extended regions. Returns 0 when the hypercall completed, a
 * negative errno otherwise; how each element went is in its status.
 */
public final class MapRefs extends RefsCall {
  /**
   * A call on elements that lie in guest memory.
   *
   * @param array guest address of {@code struct gnttab_map_grant_ref[count]}
   */
  public MapRefs(long array, int count) {
    super(GnttabOp.MAP_GRANT_REF, MapLayout.SIZE, MapLayout.HOST_ADDR, array, count);
  }
}
