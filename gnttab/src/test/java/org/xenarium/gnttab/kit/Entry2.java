package org.xenarium.gnttab.kit;

import static org.xenarium.gnttab.kit.Bench.TABLE;

import org.xenarium.gnttab.rule.GrantRule;

/** A guest's table of version 2: entries of all three kinds at the usual place, and the first status frame (spec §1.1). */
public final class Entry2 {
  public static final int PERMIT = 1;
  public static final int TRANSITIVE = 3;
  public static final int READONLY = 4;
  public static final int SUB_PAGE = 0x100;

  /** Index of add_to_physmap that names the first status frame. */
  public static final int STATUS_FRAME = 1 << 31;

  /** Where that frame is put. */
  public static final long STATUS_GFN = TABLE + 0x100;

  private static final int SIZE = 16;

  private Entry2() {}

  /** Makes the guest's table one of version 2, its first frames mapped. */
  public static void start(Guest guest) {
    guest.memory().addGrantFrame(0, TABLE);
    guest.call(Struct.setVersion(2)).returns(0, GrantRule.SETVER_10);
    guest.memory().addGrantFrame(STATUS_FRAME, STATUS_GFN);
  }

  /** Where an entry lies. */
  public static long address(int ref) {
    return (TABLE << 12) + (long) SIZE * ref;
  }

  /** Grants a whole page. */
  public static void full(Guest guest, int ref, int flags, int domid, long frame) {
    write(guest, ref, flags | PERMIT, domid, 0, frame);
  }

  /** Grants {@code length} bytes from {@code offset} on. */
  public static void part(Guest guest, int ref, int flags, int domid, int offset, int length, long frame) {
    write(guest, ref, flags | PERMIT | SUB_PAGE, domid, offset | length << 16, frame);
  }

  /** Passes on what {@code behind} granted to the guest by its entry {@code behindRef}. */
  public static void passOn(Guest guest, int ref, int domid, int behind, int behindRef) {
    write(guest, ref, TRANSITIVE, domid, behind, behindRef);
  }

  /** The header last, as a guest should. */
  private static void write(Guest guest, int ref, int flags, int domid, int word4, long word8) {
    guest.store(address(ref) + 4, 4, word4);
    guest.store(address(ref) + 8, 8, word8);
    guest.store(address(ref), 4, flags | domid << 16);
  }

  /** The status word, where the hypervisor marks the entry. */
  public static int status(Guest guest, int ref) {
    return (int) guest.load((STATUS_GFN << 12) + 2L * ref, 2);
  }
}
