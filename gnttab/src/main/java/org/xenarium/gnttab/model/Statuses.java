package org.xenarium.gnttab.model;

import org.xenarium.gnttab.abi.GntStatus;

/**
 * A set of statuses {@code GNTST_*}, and what is known of how they come about.
 *
 * @param bits one for each status
 * @param told whether Xen has told in the entry that the grant is in use before it went on: the status step of spec §3.3.2
 */
record Statuses(int bits, boolean told) {
  static final Statuses NONE = new Statuses(0, false);

  /** All failures. */
  static final Statuses FAILURES = new Statuses(0x3ffe, false);

  static Statuses only(int status) {
    return new Statuses(1 << -status, false);
  }

  /** This one alone, after Xen has told or not. */
  static Statuses only(int status, boolean told) {
    return new Statuses(1 << -status, told);
  }

  Statuses or(Statuses others) {
    return new Statuses(bits | others.bits, told || others.told);
  }

  Statuses or(int status) {
    return new Statuses(bits | 1 << -status, told);
  }

  boolean has(int status) {
    return status <= 0 && status > -Integer.SIZE && (bits & 1 << -status) != 0;
  }

  /** Those of them that are failures. */
  Statuses failures() {
    return new Statuses(bits & FAILURES.bits, told);
  }

  boolean isEmpty() {
    return bits == 0;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int status = 0; status > -Integer.SIZE; status--) {
      if (has(status)) {
        text.append(text.isEmpty() ? "" : " or ").append(GntStatus.name(status));
      }
    }
    return text.toString();
  }
}
