package org.xenarium.gnttab.invariant;

/** What must be so for an invariant to be expected. */
public enum Condition {
  W("the granting guest has not broken D5 on this entry: it does not write the bits that the hypervisor writes"),
  D("the mapping guest has not broken D1 or D2 with effect"),
  V1("the table has version 1"),
  ARM("the table may not leave version 1, as on a default Arm build"),
  SILO("the security policy is silo");

  private final String meaning;

  Condition(String meaning) {
    this.meaning = meaning;
  }

  /** The condition in words. */
  public String meaning() {
    return meaning;
  }
}
