package org.xenarium.gnttab.op;

import static org.xenarium.gnttab.abi.GrantFlags.PERMIT_ACCESS;
import static org.xenarium.gnttab.abi.GrantFlags.READING;
import static org.xenarium.gnttab.abi.GrantFlags.READONLY;
import static org.xenarium.gnttab.abi.GrantFlags.SUB_PAGE;
import static org.xenarium.gnttab.abi.GrantFlags.TRANSITIVE;
import static org.xenarium.gnttab.abi.GrantFlags.TYPE_MASK;
import static org.xenarium.gnttab.abi.GrantFlags.WRITING;

/**
 * The status step of spec §3.3.2: whether the header of a shared entry allows a request, and what it becomes. Pure functions of the
 * header; the compare-and-swap around them is the operation's.
 */
final class Marking {
  /** How often a compare-and-swap may be lost before the entry counts as unstable. */
  static final int ATTEMPTS = 5;

  private Marking() {}

  /** Type and, for maps, the sub-page bit. */
  static boolean permitsAccess(int header, boolean forMap) {
    return (header & (TYPE_MASK | (forMap ? SUB_PAGE : 0))) == PERMIT_ACCESS;
  }

  static boolean isFor(int header, int domid) {
    return header >>> 16 == domid;
  }

  static boolean isReadonly(int header) {
    return (header & READONLY) != 0;
  }

  /** Version 2: what is cleared when the entry changed while it was being marked. */
  static int takenBack(int pin) {
    return pin == 0 ? READING | WRITING : WRITING;
  }

  /** Version 2: does the entry pass on another domain's grant? */
  static boolean isTransitive(int header) {
    return (header & TYPE_MASK) == TRANSITIVE;
  }

  /** Version 2: does the entry grant a part of a page? */
  static boolean isSubPage(int header) {
    return (header & SUB_PAGE) != 0;
  }

  static int marked(int header, boolean readonly) {
    return header | READING | (readonly ? 0 : WRITING);
  }
}
