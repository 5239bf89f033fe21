package org.xenarium.gnttab.table;

/**
 * How large a domain's tables may become, and of which version; fixed at creation (spec §1.4).
 *
 * @param maxFrames frames of shared entries, at least 1
 * @param maxMaptrackFrames frames of 256 handles each; 0 is allowed
 * @param maxVersion highest version of the shared entries, 1 or 2; 1 on a default Arm build
 */
public record GrantLimits(int maxFrames, int maxMaptrackFrames, int maxVersion) {
  /** What a domain gets that asks for nothing. */
  public static final GrantLimits DEFAULT = new GrantLimits(64, 1024);

  public GrantLimits {
    if (maxFrames < 1) {
      throw new IllegalArgumentException("a grant table needs at least one frame, not " + maxFrames);
    }
    if (maxMaptrackFrames < 0) {
      throw new IllegalArgumentException("a maptrack cannot have " + maxMaptrackFrames + " frames");
    }
    if (maxVersion != 1 && maxVersion != 2) {
      throw new IllegalArgumentException("there are grant table versions 1 and 2, not " + maxVersion);
    }
  }

  /** Limits of a table of version 1. */
  public GrantLimits(int maxFrames, int maxMaptrackFrames) {
    this(maxFrames, maxMaptrackFrames, 1);
  }
}
