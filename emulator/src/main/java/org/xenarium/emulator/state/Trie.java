package org.xenarium.emulator.state;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What {@link SparseBytes} is made of: a trie of nodes with {@value #FAN} children each, over leaves of {@value #SIZE} bytes. */
final class Trie {
  /** Bytes in a leaf. */
  static final int SIZE = 1 << 8;

  static final int BITS = 8;
  static final int FAN_BITS = 6;
  static final int FAN = 1 << FAN_BITS;

  private static final byte[] ZEROS = new byte[SIZE];
  private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, LITTLE_ENDIAN);

  private Trie() {}

  /** Its owner may write it in place. */
  static final class Node {
    final Object owner;
    final @Nullable Object[] children;

    /** A bit for each child that there is. */
    long present;

    Node(Object owner) {
      this.owner = owner;
      children = new Object[FAN];
    }

    Node(Object owner, Node other) {
      this.owner = owner;
      children = other.children.clone();
      present = other.present;
    }

    void set(int slot, Object child) {
      children[slot] = child;
      present |= 1L << slot;
    }
  }

  /** Its owner may write it in place. */
  static final class Leaf {
    final Object owner;
    final long index;
    final byte[] bytes;
    /** Contribution to the digest; valid once the leaf is sealed. */
    long hash;

    Leaf(Object owner, long index, byte[] bytes) {
      this.owner = owner;
      this.index = index;
      this.bytes = bytes;
    }

    /** Tells {@link #hash} what there is, and where; a word of zero counts nothing. */
    void seal() {
      long sum = 0;
      for (int at = 0; at < SIZE; at += Long.BYTES) {
        long word = (long) LONG.get(bytes, at);
        if (word != 0) {
          sum += Digest.mix(((index << BITS) | at) * Digest.ODD ^ word);
        }
      }
      hash = sum;
    }
  }

  /** The first leaf at or after an index; null if there is none. {@code base} is the index of the first leaf that could be below the node. */
  static @Nullable Leaf leafFrom(Node node, int level, long base, long from) {
    int shift = FAN_BITS * level;
    int first = from <= base ? 0 : (int) ((from - base) >>> shift);
    for (long left = node.present & -1L << first; left != 0; left &= left - 1) {
      int slot = Long.numberOfTrailingZeros(left);
      Object child = node.children[slot];
      Leaf found = child instanceof Node inner ? leafFrom(inner, level - 1, base + ((long) slot << shift), from) : (Leaf) child;
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** Where the first word of eight bytes at or after {@code at} differs, or -1; what both share costs nothing. */
  static long nextDifference(@Nullable Object mine, @Nullable Object theirs, int level, long base, long at) {
    if (mine == theirs) {
      return -1;
    }
    if (level == 0) {
      return nextDifference((Leaf) mine, (Leaf) theirs, base << BITS, at);
    }
    Node one = (Node) mine;
    Node two = (Node) theirs;
    int shift = FAN_BITS * (level - 1);
    long from = at >>> BITS;
    int first = from <= base ? 0 : (int) ((from - base) >>> shift);
    long present = (one == null ? 0 : one.present) | (two == null ? 0 : two.present);
    for (long left = present & -1L << first; left != 0; left &= left - 1) {
      int slot = Long.numberOfTrailingZeros(left);
      Object child = one == null ? null : one.children[slot];
      Object other = two == null ? null : two.children[slot];
      long found = nextDifference(child, other, level - 1, base + ((long) slot << shift), at);
      if (found >= 0) {
        return found;
      }
    }
    return -1;
  }

  private static long nextDifference(@Nullable Leaf mine, @Nullable Leaf theirs, long start, long at) {
    int from = Long.compareUnsigned(at, start) <= 0 ? 0 : (int) (at - start);
    int found = Arrays.mismatch(bytes(mine), from, SIZE, bytes(theirs), from, SIZE);
    return found < 0 ? -1 : start + ((from + found) & -Long.BYTES);
  }

  private static byte[] bytes(@Nullable Leaf leaf) {
    return leaf == null ? ZEROS : leaf.bytes;
  }
}
