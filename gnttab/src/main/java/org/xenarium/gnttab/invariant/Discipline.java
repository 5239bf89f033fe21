package org.xenarium.gnttab.invariant;

/** What well-behaved guests do, D1 to D6 (spec §11.0). A guest that does not is reported by name, and what it makes void is not expected any more. */
public enum Discipline {
  D1("mapper", "unmaps with an address inside the guest frame at which it has mapped", "with effect, the invariants [D] of the mapper"),
  D2("mapper", "leaves the physmap alone at guest frames of its live handles", "the invariants [D] of the mapper"),
  D3("mapper", "maps only where there is a hole", "nothing"),
  D4("both", "keeps hypercall buffers in own RAM that the call does not affect", "nothing; in a grant frame, what D5 makes void"),
  D5("granter", "never writes GTF_reading and GTF_writing, and withdraws only an entry that has neither", "the invariants [W] of the entry"),
  D6("granter", "keeps a granted page where it is until the grant is withdrawn", "nothing");

  private final String who;
  private final String text;
  private final String makesVoid;

  Discipline(String who, String text, String makesVoid) {
    this.who = who;
    this.text = text;
    this.makesVoid = makesVoid;
  }

  /** The rule as written, such as D1. */
  public String id() {
    return name();
  }

  /** Whose rule it is. */
  public String who() {
    return who;
  }

  /** What such a guest does. */
  public String text() {
    return text;
  }

  /** What is not expected any more once the rule was broken. */
  public String makesVoid() {
    return makesVoid;
  }
}
