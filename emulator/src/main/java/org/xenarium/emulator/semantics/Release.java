package org.xenarium.emulator.semantics;

import java.util.Optional;

/** A Xen release whose behaviour the machine takes (spec §9). In the order of time: later ones compare greater. */
public enum Release {
  V4_17("4.17", 4, 17),
  V4_18("4.18", 4, 18),
  V4_19("4.19", 4, 19),
  V4_20("4.20", 4, 20),
  V4_21("4.21", 4, 21),
  V4_22("4.22", 4, 22),
  V4_23_DEV("4.23-dev", 4, 23);

  private final String text;
  private final int major;
  private final int minor;

  Release(String text, int major, int minor) {
    this.text = text;
    this.major = major;
    this.minor = minor;
  }

  /** The release of that name ("4.17", "4.23-dev"), if it is one that the machine knows. */
  public static Optional<Release> named(String text) {
    for (Release release : values()) {
      if (release.text.equals(text)) {
        return Optional.of(release);
      }
    }
    return Optional.empty();
  }

  /** True for this release and all later ones. */
  public boolean since(Release first) {
    return compareTo(first) >= 0;
  }

  public int major() {
    return major;
  }

  public int minor() {
    return minor;
  }

  @Override
  public String toString() {
    return text;
  }
}
