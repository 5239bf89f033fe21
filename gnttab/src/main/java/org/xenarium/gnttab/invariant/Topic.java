package org.xenarium.gnttab.invariant;

/** What a group of invariants is about: the sections of spec §11. */
public enum Topic {
  COUNTERS("Counters", "§11.2"),
  FLAGS("Flags word", "§11.3"),
  HANDLES("Handles and maptrack", "§11.4"),
  PHYSMAP("Physmap", "§11.5"),
  PAGES("Pages", "§11.6"),
  CALLS("Table and calls", "§11.7"),
  LIFE("Lifecycle and progress", "§11.8");

  private final String title;
  private final String section;

  Topic(String title, String section) {
    this.title = title;
    this.section = section;
  }

  public String title() {
    return title;
  }

  /** Where it is specified. */
  public String section() {
    return section;
  }
}
