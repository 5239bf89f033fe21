package org.xenarium.gnttab.table;

/**
 * How large a domain's tables may become; fixed at creation (spec §1.4).
 *
 * @param maxFrames frames of shared entries, at least 1
 * @param maxMaptrackFrames frames of 256 handles each; 0 is allowed
 */
public record GrantLimits(int maxFrames, int maxMaptrackFrames) {
  /** What a domain gets that asks for nothing. */
  public static final GrantLimits DEFAULT = new GrantLimits(64, 1024);

  public GrantLimits {
    if (maxFrames < 1) {
      throw new IllegalArgumentException("a grant table needs at least one frame, not " + maxFrames);
    }
    if (maxMaptrackFrames < 0) {
      throw new IllegalArgumentException("a maptrack cannot have " + maxMaptrackFrames + " frames");
    }
  }
}
