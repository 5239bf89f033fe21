package org.xenarium.gnttab.invariant;

import org.xenarium.emulator.domain.Domain;

/**
 * Where something is: of the numbers those that matter, all others -1.
 *
 * @param domid the domain
 * @param ref a grant reference of that domain, unsigned 32 bits
 * @param handle a handle of that domain
 * @param gfn a guest frame of that domain
 * @param mfn a machine frame
 */
public record Place(int domid, long ref, long handle, long gfn, long mfn) {
  private static final long NONE = -1;

  /** The machine as a whole. */
  static final Place MACHINE = new Place(-1, NONE, NONE, NONE, NONE);

  static Place domain(int domid) {
    return new Place(domid, NONE, NONE, NONE, NONE);
  }

  static Place entry(int domid, int ref) {
    return new Place(domid, ref & 0xffff_ffffL, NONE, NONE, NONE);
  }

  static Place handle(int domid, int handle) {
    return new Place(domid, NONE, handle & 0xffff_ffffL, NONE, NONE);
  }

  static Place gfn(int domid, long gfn) {
    return new Place(domid, NONE, NONE, gfn, NONE);
  }

  static Place frame(int owner, long mfn) {
    return new Place(owner < 0 ? owner : Domain.idOf(owner), NONE, NONE, NONE, mfn);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    append(text, "domain ", domid < 0 ? "" : Integer.toString(domid));
    append(text, "entry ", ref == NONE ? "" : Long.toString(ref));
    append(text, "handle ", handle == NONE ? "" : Long.toString(handle));
    append(text, "guest frame 0x", gfn == NONE ? "" : Long.toHexString(gfn));
    append(text, "machine frame 0x", mfn == NONE ? "" : Long.toHexString(mfn));
    return text.isEmpty() ? "the machine" : text.toString();
  }

  private static void append(StringBuilder text, String name, String value) {
    if (!value.isEmpty()) {
      text.append(text.isEmpty() ? "" : ", ").append(name).append(value);
    }
  }
}
