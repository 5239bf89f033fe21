package org.xenarium.gnttab.table;

/**
 * How large a domain's tables may become, and of which version; fixed at creation (spec §1.4). A negative number asks for what the host has
 * for domains that do not say, see {@link GrantOptions}.
 *
 * @param maxFrames frames of shared entries, at least 1
 * @param maxMaptrackFrames frames of 256 handles each; 0 is allowed
 * @param maxVersion highest version of the shared entries, 1 or 2, and not above the host's
 */
public record GrantLimits(int maxFrames, int maxMaptrackFrames, int maxVersion) {
  /** In the place of a number: the host's. */
  public static final int AS_HOST = -1;

  /** What a domain gets that asks for nothing. */
  public static final GrantLimits DEFAULT = new GrantLimits(AS_HOST, AS_HOST, AS_HOST);

  /** Limits of a table of whatever version the host allows. */
  public GrantLimits(int maxFrames, int maxMaptrackFrames) {
    this(maxFrames, maxMaptrackFrames, AS_HOST);
  }

  /** These limits with the host's in the places of negative numbers. */
  public GrantLimits onHost(GrantOptions host) {
    return new GrantLimits(
        maxFrames < 0 ? host.maxFrames() : maxFrames,
        maxMaptrackFrames < 0 ? host.maxMaptrackFrames() : maxMaptrackFrames,
        maxVersion < 0 ? host.maxVersion() : maxVersion);
  }
}
