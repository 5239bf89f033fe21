package org.xenarium.scenarios.script;

import org.jspecify.annotations.Nullable;

/** What is to hold of the calls of guests and what no invariant says. */
public enum CallProperty {
  HYPERCALL_FAULTS("hypercall-faults", false,
      "a grant hypercall returns -EFAULT exactly if its arguments are not in RAM of the caller's, and one that reads none has changed nothing"),
  DRIVER_FAULTS("driver-faults", true,
      "map_refs and unmap_refs return -EFAULT exactly if there are extended regions and an address lies outside of them"),
  DRIVER_SURVIVES("driver-survives", true, "a guest that uses its driver as it asks never panics, whatever references and handles it passes"),
  SAME_BYTES("same-frame-same-bytes", true,
      "what one domain stores into a page that is mapped elsewhere is what the other one loads, in both directions");

  private final String id;
  private final boolean ofGuests;
  private final String statement;

  CallProperty(String id, boolean ofGuests, String statement) {
    this.id = id;
    this.ofGuests = ofGuests;
    this.statement = statement;
  }

  /** Its name: small letters and hyphens. */
  public String id() {
    return id;
  }

  /** Whether only guests are held to it that behave well enough. */
  public boolean isOfGuests() {
    return ofGuests;
  }

  /** What holds, as a sentence. */
  public String statement() {
    return statement;
  }

  /** The one of that name; null if there is none. */
  public static @Nullable CallProperty named(String id) {
    for (CallProperty property : values()) {
      if (property.id.equals(id)) {
        return property;
      }
    }
    return null;
  }
}
