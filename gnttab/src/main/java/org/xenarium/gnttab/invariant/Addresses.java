package org.xenarium.gnttab.invariant;

import org.xenarium.emulator.state.SparseBytes;

/**
 * At which guest frame each handle of a domain was mapped, and which frame it maps. Xen does not record addresses; those who judge what
 * guests do must.
 */
final class Addresses {
  /** No handle, no guest frame. */
  static final int NONE = -1;

  private static final int SHIFT = 4;

  /** Per handle: guest frame + 1, machine frame. */
  private final SparseBytes handles;

  /** Per guest frame: handle + 1. */
  private final SparseBytes gfns;

  Addresses() {
    this(new SparseBytes(), new SparseBytes());
  }

  private Addresses(SparseBytes handles, SparseBytes gfns) {
    this.handles = handles;
    this.gfns = gfns;
  }

  Addresses copy() {
    return new Addresses(handles.copy(), gfns.copy());
  }

  /** The guest frame at which the handle was mapped, or {@link #NONE} where nobody saw it. */
  long gfn(int handle) {
    return handles.getLong(at(handle)) - 1;
  }

  /** The handle that was mapped at the guest frame last, if it has not been unmapped there, or {@link #NONE}. */
  int handleAt(long gfn) {
    return gfns.getInt(gfn << 2) - 1;
  }

  void mapped(int handle, long gfn) {
    handles.setLong(at(handle), gfn + 1);
    gfns.setInt(gfn << 2, handle + 1);
  }

  /** The machine frame of a live handle. */
  long mfn(int handle) {
    return handles.getLong(at(handle) + Long.BYTES);
  }

  void setMfn(int handle, long mfn) {
    handles.setLong(at(handle) + Long.BYTES, mfn);
  }

  /** The handle is not mapped any more. */
  void forget(int handle) {
    long gfn = gfn(handle);
    if (gfn >= 0 && handleAt(gfn) == handle) {
      gfns.setInt(gfn << 2, 0);
    }
    handles.setLong(at(handle), 0);
    handles.setLong(at(handle) + Long.BYTES, 0);
  }

  private static long at(int handle) {
    return (handle & 0xffff_ffffL) << SHIFT;
  }
}
