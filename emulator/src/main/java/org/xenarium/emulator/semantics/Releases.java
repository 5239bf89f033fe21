package org.xenarium.emulator.semantics;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The releases for which something holds: all, or those with or without one difference.
 *
 * @param difference what decides; null for all releases
 * @param has whether it holds with the difference or without it
 */
public record Releases(@Nullable Difference difference, boolean has) {
  public static final Releases ALL = new Releases(null, true);

  public static Releases with(Difference difference) {
    return new Releases(difference, true);
  }

  public static Releases without(Difference difference) {
    return new Releases(difference, false);
  }

  public boolean contains(Release release) {
    return difference == null || difference.isIn(release) == has;
  }

  /** In the order of time. */
  public List<Release> list() {
    return Arrays.stream(Release.values()).filter(this::contains).toList();
  }
}
