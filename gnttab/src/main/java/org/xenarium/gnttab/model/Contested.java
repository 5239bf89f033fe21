package org.xenarium.gnttab.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What calls that overlapped have done to guest frames. Where two calls changed the same one, the order is Xen's: any of what they did may be
 * what is there in the end (spec §8.3, R10).
 */
final class Contested {
  private record Change(int writer, int domain, long gfn, @Nullable Reach what) {}

  private final List<Change> changes = new ArrayList<>();

  /** Whether something was found that another order than that of the answers explains. */
  private boolean used;

  void clear() {
    changes.clear();
    used = false;
  }

  void changed(int writer, int domain, long gfn, @Nullable Reach what) {
    changes.add(new Change(writer, domain, gfn, what));
  }

  /** Did several calls change that guest frame, one of them to what is there? */
  boolean explains(int domain, long gfn, @Nullable Reach is) {
    boolean found = false;
    int writer = -1;
    boolean several = false;
    for (Change change : changes) {
      if (change.domain == domain && change.gfn == gfn) {
        several |= writer >= 0 && writer != change.writer;
        writer = change.writer;
        found |= Objects.equals(change.what, is);
      }
    }
    used |= found && several;
    return found && several;
  }

  boolean isUsed() {
    return used;
  }
}
