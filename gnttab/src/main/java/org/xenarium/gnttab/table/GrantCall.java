package org.xenarium.gnttab.table;

import org.xenarium.emulator.domain.Vcpu;

/**
 * What a grant-table call in flight has in its hands, for those who look at a machine between two steps. In the middle of calls there are
 * pins that no handle stands for yet or any more, and handles that are neither live nor free (spec §11.1: infl and cop).
 */
public interface GrantCall {
  /** Which operation, a number of {@link org.xenarium.gnttab.abi.GnttabOp}. */
  int operation();

  /** Guest address of the element that the call is at; 0 where the call has no array. */
  default long elementAddress() {
    return 0;
  }

  /** How many elements are left, the one that the call is at included. */
  default long elementsLeft() {
    return 0;
  }

  /** The host address that the element names; 0 where it has none. */
  default long hostAddress() {
    return 0;
  }

  /** The handle that the element has taken and not yet published, or retired and not yet freed; {@link Maptrack#NONE} where there is none. */
  default int handleInHand() {
    return Maptrack.NONE;
  }

  /** Visits every pin that the call holds and no live handle stands for. */
  default void forEachPin(Vcpu vcpu, PinVisitor visitor) {}

  /** Visits what the call may write to a page that it holds: the range that its element names. */
  default void forEachWindow(WindowVisitor visitor) {}

  /** Takes pins. */
  @FunctionalInterface
  interface PinVisitor {
    /**
     * A pin.
     *
     * @param granter the incarnation of the domain whose entry it is
     * @param ref the entry
     * @param readonly which counter it counts in
     * @param holder the id of the domain it is held for: the caller, or the one that passes a transitive grant on
     */
    void pin(int granter, int ref, boolean readonly, int holder);
  }

  /** Takes ranges of pages. */
  @FunctionalInterface
  interface WindowVisitor {
    /** The {@code length} bytes from {@code offset} on of a machine frame. */
    void window(long mfn, int offset, int length);
  }
}
