package org.xenarium.emulator.semantics;

/** Which Xen the machine is: behaviour as a value, shared by all copies of a machine. */
public record Semantics(Release release, SecurityPolicy policy) {
  /** The development baseline of the specification under the given policy. */
  public static Semantics baseline(SecurityPolicy policy) {
    return new Semantics(Release.V4_23_DEV, policy);
  }

  public boolean since(Release first) {
    return release.since(first);
  }
}
