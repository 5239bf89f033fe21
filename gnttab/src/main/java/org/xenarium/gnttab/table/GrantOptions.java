package org.xenarium.gnttab.table;

import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.semantics.Profile;
import org.xenarium.emulator.semantics.Semantics;

/**
 * What the host was built and booted with, as far as grant tables are concerned (spec §1.4, §9.3). Put it into the machine's {@link Semantics}
 * with {@code with(GrantOptions.class, …)}; a machine without has the defaults of its profile.
 *
 * @param built {@code CONFIG_GRANT_TABLE}; false leaves grant tables out, since 4.13 (V11)
 * @param maxVersion {@code gnttab=max-ver:}, the highest version that any domain may use, 1 or 2
 * @param transitive {@code gnttab=[no-]transitive}: may copies go through transitive entries of version 2?
 * @param copying the order in which the hypervisor's own routine copies bytes
 * @param maxFrames {@code gnttab_max_frames=}, for domains that do not say themselves
 * @param maxMaptrackFrames {@code gnttab_max_maptrack_frames=}, likewise
 */
public record GrantOptions(boolean built, int maxVersion, boolean transitive, Copying copying, int maxFrames, int maxMaptrackFrames) {
  /** What a copy leaves behind where source and destination overlap; the specification leaves it open. */
  public enum Copying {
    /** The bytes that the source had, as if they went through a buffer; seen in recordings of the xen-core format. */
    BUFFERED,
    /** What Xen's routine for Arm64 leaves; measured on 4.17.7. */
    ARM64
  }

  /** As an Arm host boots by default. */
  public static final GrantOptions ARM = new GrantOptions(true, 1, true, Copying.ARM64, 64, 1024);

  /** As an x86 host boots by default. */
  public static final GrantOptions HVM = ARM.withMaxVersion(2).withCopying(Copying.BUFFERED);

  public GrantOptions {
    if (maxFrames < 1 || maxMaptrackFrames < 0) {
      throw new IllegalArgumentException("a host cannot give a domain " + maxFrames + " grant frames and " + maxMaptrackFrames + " maptrack frames");
    }
    if (maxVersion != 1 && maxVersion != 2) {
      throw new IllegalArgumentException("there are grant table versions 1 and 2, not " + maxVersion);
    }
  }

  /** Those of the machine, or the defaults of its profile. */
  public static GrantOptions of(Semantics semantics) {
    GrantOptions options = semantics.option(GrantOptions.class).orElse(semantics.profile() == Profile.ARM ? ARM : HVM);
    if (!options.built && !semantics.has(Difference.GRANT_TABLE_OPTIONAL)) {
      throw new IllegalArgumentException("Xen " + semantics.release() + " cannot be built without grant tables (V11)");
    }
    return options;
  }

  public GrantOptions withMaxVersion(int value) {
    return new GrantOptions(built, value, transitive, copying, maxFrames, maxMaptrackFrames);
  }

  public GrantOptions withTransitive(boolean value) {
    return new GrantOptions(built, maxVersion, value, copying, maxFrames, maxMaptrackFrames);
  }

  public GrantOptions withCopying(Copying value) {
    return new GrantOptions(built, maxVersion, transitive, value, maxFrames, maxMaptrackFrames);
  }

  /** A build that leaves grant tables out. */
  public GrantOptions leftOut() {
    return new GrantOptions(false, maxVersion, transitive, copying, maxFrames, maxMaptrackFrames);
  }
}
