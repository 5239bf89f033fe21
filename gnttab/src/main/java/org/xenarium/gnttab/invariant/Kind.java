package org.xenarium.gnttab.invariant;

/** When an invariant holds (spec §11). */
public enum Kind {
  STEP("after every indivisible step"),
  QUIESCENT("whenever no hypercall is being executed"),
  TRANSITION("of what a step, an element or a call has changed"),
  PROGRESS("of how long something takes");

  private final String meaning;

  Kind(String meaning) {
    this.meaning = meaning;
  }

  /** The kind in words. */
  public String meaning() {
    return meaning;
  }
}
