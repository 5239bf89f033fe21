package org.xenarium.scenarios.script;

/** How an operation is played. */
public enum Kind {
  /** A call of the guest's grant driver. */
  DRIVER("The driver"),
  /** A call of the guest's grant driver on an array of argument structs. */
  DRIVER_ARRAY("The driver"),
  /** A hypercall with an argument struct, with several as a batch, or with none. */
  STRUCT("Hypercalls"),
  /** A hypercall whose arguments are given as they go into the registers. */
  REGISTERS("Hypercalls"),
  /** Plain accesses to a version 1 entry of the guest's grant table. */
  ENTRY("Memory"),
  /** One load. */
  READ("Memory"),
  /** One store. */
  WRITE("Memory"),
  /** One compare-and-swap. */
  SWAP("Memory"),
  /** Many stores. */
  FILL("Memory"),
  /** Many hypercalls, each with one argument struct. */
  LOOP("Hypercalls"),
  /** What a vCPU does with its event-channel interrupt. */
  INTERRUPT("Interrupts"),
  /** A sleep. */
  WAIT("Waiting"),
  /** Waits for a word in memory. */
  AWAIT("Waiting"),
  /** Waits for other programs. */
  BARRIER("Waiting"),
  /** Done to a domain from outside, by nobody in particular. */
  TOOLSTACK("The toolstack");

  private final String title;

  Kind(String title) {
    this.title = title;
  }

  /** The heading under which the reference tells of it. */
  String title() {
    return title;
  }
}
