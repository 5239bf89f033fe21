package org.xenarium.emulator.semantics;

import java.util.Optional;

/**
 * A Xen release whose behaviour the machine takes (spec §9), in the order of time: later ones compare greater. Each stands for the tip of its
 * stable branch; 4.17 is the measured 4.17.7 with 13 later commits, 4.23-dev the commit of August 2026 that the specification was read from.
 * How they differ is told by {@link Difference}.
 */
public enum Release {
  V4_11("4.11", 4, 11),
  V4_12("4.12", 4, 12),
  V4_13("4.13", 4, 13),
  V4_14("4.14", 4, 14),
  V4_15("4.15", 4, 15),
  V4_16("4.16", 4, 16),
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
