package org.xenarium.gnttab.table;

/**
 * How large a domain's tables may become, and of which version; fixed at creation (spec §1.4).
 *
 * @param maxFrames frames of shared entries, at least 1; negative for the default
 * @param maxMaptrackFrames frames of 256 handles each; 0 is allowed, negative is the default
 * @param maxVersion highest version of the shared entries, 1 or 2; 1 on a default Arm build
 */
public record GrantLimits(int maxFrames, int maxMaptrackFrames, int maxVersion) {
  /** What a domain gets that asks for nothing. */
  public static final GrantLimits DEFAULT = new GrantLimits(64, 1024);

  /** Limits of a table of version 1. */
  public GrantLimits(int maxFrames, int maxMaptrackFrames) {
    this(maxFrames, maxMaptrackFrames, 1);
  }

  /** These limits with the defaults in the places of negative numbers. */
  public GrantLimits orDefaults() {
    return new GrantLimits(
        maxFrames < 0 ? DEFAULT.maxFrames : maxFrames,
        maxMaptrackFrames < 0 ? DEFAULT.maxMaptrackFrames : maxMaptrackFrames,
        maxVersion);
  }
}
