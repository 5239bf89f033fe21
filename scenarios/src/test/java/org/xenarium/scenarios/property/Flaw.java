package org.xenarium.scenarios.property;

/** What can be wrong with a driver, one thing at a time, and which promise it breaks. */
enum Flaw {
  NONE(""),
  INIT_LEAVES_THE_TABLE_WHERE_IT_IS("init"),
  INIT_MAPS_THE_FIRST_FRAME_ONLY("init"),
  GRANT_WRITES_NO_ENTRY("entry"),
  GRANT_NAMES_ANOTHER_DOMAIN("entry"),
  GRANT_NAMES_ANOTHER_FRAME("entry"),
  GRANT_IGNORES_READONLY("entry"),
  GRANT_WRITES_THE_FLAGS_FIRST("entry"),
  GRANT_HANDS_OUT_RESERVED_REFERENCES("entry"),
  GRANT_HANDS_OUT_WHAT_IS_IN_USE("G2"),
  END_DOES_NOTHING_AND_SAYS_ENDED("G3"),
  END_SAYS_BUSY("G3"),
  END_IS_INVERTED("G3"),
  END_LOOKS_AND_STORES("G3"),
  END_CLEARS_THE_NEXT_ENTRY_TOO("entry"),
  ALLOC_GRANTS_THE_NEXT_PAGE("entry"),
  GET_PAGES_GIVES_TWICE("pages"),
  GET_PAGES_GIVES_WHAT_IS_BEHIND_THE_REGION("pages"),
  PUT_PAGES_TAKES_ANYTHING("pages"),
  PUT_PAGES_REFUSES("pages"),
  MAP_WRITES_NO_STATUS("status"),
  MAP_SAYS_OKAY("G4"),
  MAP_MAPS_THE_FIRST_ONLY("status"),
  UNMAP_WRITES_NO_STATUS("status"),
  UNMAP_SAYS_OKAY("G5"),
  UNMAP_REFUSES("status"),
  UNMAP_UNMAPS_THE_FIRST_ONLY("status"),
  SIZE_WRITES_NOTHING("size"),
  SIZE_SWAPS_THE_NUMBERS("size");

  /** What is found. */
  private final String breaks;

  Flaw(String breaks) {
    this.breaks = breaks;
  }

  String breaks() {
    return breaks;
  }
}
