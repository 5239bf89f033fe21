package org.xenarium.gnttab.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xenarium.gnttab.abi.GrantFlags;

/**
 * What granters are told by the bits that Xen sets in their entries, in the course of one call (spec §3.3.2, §3.6). A granter that finds none of
 * them may take its page back, so a call must leave exactly those behind that follow from what it found.
 */
final class Told {
  /** Nothing can be said of an entry; it stays negative, whatever begins and ends. */
  static final int UNKNOWN = -1;

  private long[] keys = new long[8];
  private int[] bits = new int[8];
  private int count;

  void clear() {
    count = 0;
  }

  int count() {
    return count;
  }

  int granter(int i) {
    return (int) (keys[i] >>> Integer.SIZE);
  }

  int ref(int i) {
    return (int) keys[i];
  }

  int bits(int i) {
    return bits[i];
  }

  /** The call comes upon an entry, which tells this, or {@link #UNKNOWN}; what has become of it by then is known if it has been met before. */
  void meets(int granter, int ref, int told) {
    if (find(granter, ref) < 0) {
      if (count == keys.length) {
        keys = Arrays.copyOf(keys, 2 * count);
        bits = Arrays.copyOf(bits, 2 * count);
      }
      keys[count] = key(granter, ref);
      bits[count++] = told;
    }
  }

  /** Xen tells that the grant is in use. */
  void begins(int granter, int ref, boolean readonly) {
    int i = find(granter, ref);
    if (i >= 0) {
      bits[i] |= readonly ? GrantFlags.READING : Entry.TOLD;
    }
  }

  /** A use of that kind has ended; {@code left} is who still holds the grant. */
  void ends(int granter, int ref, boolean readonly, @Nullable Pin left) {
    int i = find(granter, ref);
    if (i >= 0) {
      boolean written = !readonly && (left == null || left.writers() == 0);
      bits[i] &= ~((left == null ? GrantFlags.READING : 0) | (written ? GrantFlags.WRITING : 0));
    }
  }

  /** Two entries of one table are exchanged, with all that is in them. */
  void swap(int granter, int a, int b) {
    int i = find(granter, a);
    int j = find(granter, b);
    if (i >= 0 && j >= 0) {
      int first = bits[i];
      bits[i] = bits[j];
      bits[j] = first;
    }
  }

  /** Nothing can be said of that entry. */
  void forget(int granter, int ref) {
    int i = find(granter, ref);
    if (i >= 0) {
      bits[i] = UNKNOWN;
    }
  }

  private int find(int granter, int ref) {
    long key = key(granter, ref);
    for (int i = 0; i < count; i++) {
      if (keys[i] == key) {
        return i;
      }
    }
    return -1;
  }

  private static long key(int granter, int ref) {
    return (long) granter << Integer.SIZE | DomainState.unsigned(ref);
  }
}
