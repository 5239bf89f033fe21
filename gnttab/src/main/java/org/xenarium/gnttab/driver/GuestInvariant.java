package org.xenarium.gnttab.driver;

/** The invariants of guests with a driver, G1 to G15: number and what holds. The numbers never change their meaning. */
public enum GuestInvariant {
  G1("each reference that is not reserved is either in the list of free ones, once, or handed out; the semaphore counts the list"),
  G2("a reference is not handed out before its last owner was told of the release"),
  G3("end_access reports a release exactly if the entry is cleared and nobody has it pinned"),
  G4("map_refs says okay of an element exactly if it has made a live handle"),
  G5("each live handle is known to whoever called the driver for it"),
  G6("the domain can reach every page that it owns"),
  G7("a page is free only if no other domain can reach it"),
  G8("a call leaves interrupts as they were"),
  G9("a call that fails leaves everything as it was"),
  G10("a call that is refused in advance issues no hypercall"),
  G11("a page of an extended region has a virtual address exactly if a grant is mapped there"),
  G12("nobody waits while a reference is free"),
  G13("once a release is reported, nobody reaches a page through that grant"),
  G14("a guest loads and stores in its extended regions only where a grant is mapped"),
  G15("no granted page holds a byte that was declared secret");

  private final String statement;

  GuestInvariant(String statement) {
    this.statement = statement;
  }

  /** The number as written, such as G7. */
  public String id() {
    return name();
  }

  /** What holds, in one sentence. */
  public String statement() {
    return statement;
  }
}
