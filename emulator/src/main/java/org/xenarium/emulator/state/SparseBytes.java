package org.xenarium.emulator.state;

import static java.lang.Math.max;
import static java.lang.Math.min;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.state.Trie.Leaf;
import org.xenarium.emulator.state.Trie.Node;

/**
 * A sparse, little-endian array of bytes, all zero at the start, whose copies share structure until one side writes and whose digest costs
 * only what was written since the last one. Every store of the machine (page contents, frame records, physmaps, tables) is one of these.
 *
 * <p>Implementation: a {@link Trie}. A node or leaf is written in place only while it carries the
 * array's own {@code token}; {@link #seal} renews the token, so that whatever existed before is shared from then on. The first write to a
 * shared leaf copies its path and lists it as dirty; the digest is the sum over all leaves of a hash of (address, word) pairs in which a
 * zero word counts nothing, so an absent leaf and a zero one are the same.
 *
 * <p>Multi-byte accesses must not cross a leaf; naturally aligned ones never do. Addresses are unsigned and below 2<sup>60</sup>.
 */
public final class SparseBytes {
  /** Bytes in a leaf, the unit of copying. */
  public static final int LEAF_SIZE = Trie.SIZE;

  private static final int LEAF_BITS = Trie.BITS;
  private static final int LEAF_MASK = LEAF_SIZE - 1;
  private static final int RECENT_BITS = 5;

  private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, LITTLE_ENDIAN);
  private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, LITTLE_ENDIAN);
  private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, LITTLE_ENDIAN);

  private Object token = new Object();
  private @Nullable Node root;
  private int height = 1;

  /** Sum of the hashes of all sealed leaves, those on the dirty list excluded. */
  private long sum;

  /** Leaves of this array found lately, see {@link #slot}: what was touched once is touched again. */
  private final @Nullable Leaf[] recent = new Leaf[1 << RECENT_BITS];

  private @Nullable Journal journal;
  private int number;

  private Leaf[] dirty = new Leaf[4];
  private int dirtyCount;

  private long writes;

  /** An array of zeros. */
  public SparseBytes() {}

  private SparseBytes(SparseBytes other) {
    root = other.root;
    height = other.height;
    sum = other.sum;
  }

  /** From now on every write is noted in {@code journal}, as one to the store of that number; null ends it. Copies have no journal. */
  public void record(@Nullable Journal into, int as) {
    journal = into;
    number = as;
  }

  private void note(Journal.How how, long at, long length) {
    if (journal != null) {
      journal.add(number, how, at, length);
    }
  }

  /** How often something was written, equal bytes included: as long as this is the same, so is the content. Each copy counts for itself. */
  public long writes() {
    return writes;
  }

  /** An independent array of the same content. Costs what has been written since the last copy or digest, not what is stored. */
  public SparseBytes copy() {
    seal();
    return new SparseBytes(this);
  }

  /** A number that depends on the content alone: equal contents give equal digests in every process. */
  public long digest() {
    seal();
    return sum;
  }

  /** Shares everything written so far. A sealed array that is not written to may be copied from several threads. */
  public void seal() {
    if (dirtyCount == 0) {
      return;
    }
    for (int i = 0; i < dirtyCount; i++) {
      dirty[i].seal();
      sum += dirty[i].hash;
    }
    Arrays.fill(dirty, 0, dirtyCount, null);
    dirtyCount = 0;
    token = new Object();
  }

  public byte getByte(long at) {
    Leaf leaf = leaf(at >>> LEAF_BITS);
    return leaf == null ? 0 : leaf.bytes[(int) at & LEAF_MASK];
  }

  public int getShort(long at) {
    Leaf leaf = leaf(at >>> LEAF_BITS);
    return leaf == null ? 0 : (short) SHORT.get(leaf.bytes, (int) at & LEAF_MASK) & 0xffff;
  }

  public int getInt(long at) {
    Leaf leaf = leaf(at >>> LEAF_BITS);
    return leaf == null ? 0 : (int) INT.get(leaf.bytes, (int) at & LEAF_MASK);
  }

  public long getLong(long at) {
    Leaf leaf = leaf(at >>> LEAF_BITS);
    return leaf == null ? 0 : (long) LONG.get(leaf.bytes, (int) at & LEAF_MASK);
  }

  public void setByte(long at, int value) {
    note(Journal.How.SET, at, 1);
    writable(at >>> LEAF_BITS)[(int) at & LEAF_MASK] = (byte) value;
  }

  public void setShort(long at, int value) {
    note(Journal.How.SET, at, Short.BYTES);
    SHORT.set(writable(at >>> LEAF_BITS), (int) at & LEAF_MASK, (short) value);
  }

  public void setInt(long at, int value) {
    note(Journal.How.SET, at, Integer.BYTES);
    INT.set(writable(at >>> LEAF_BITS), (int) at & LEAF_MASK, value);
  }

  public void setLong(long at, long value) {
    note(Journal.How.SET, at, Long.BYTES);
    LONG.set(writable(at >>> LEAF_BITS), (int) at & LEAF_MASK, value);
  }

  /** Reads {@code length} bytes from {@code at} into {@code target} from {@code offset}. */
  public void read(long at, byte[] target, int offset, int length) {
    for (int done = 0; done < length; ) {
      int start = (int) (at + done) & LEAF_MASK;
      int part = min(length - done, LEAF_SIZE - start);
      Leaf leaf = leaf((at + done) >>> LEAF_BITS);
      if (leaf == null) {
        Arrays.fill(target, offset + done, offset + done + part, (byte) 0);
      } else {
        System.arraycopy(leaf.bytes, start, target, offset + done, part);
      }
      done += part;
    }
  }

  /** Writes {@code length} bytes of {@code source} from {@code offset} to {@code at}. */
  public void write(long at, byte[] source, int offset, int length) {
    note(Journal.How.WRITE, at, length);
    store(at, source, offset, length);
  }

  private void store(long at, byte[] source, int offset, int length) {
    for (int done = 0; done < length; ) {
      int start = (int) (at + done) & LEAF_MASK;
      int part = min(length - done, LEAF_SIZE - start);
      System.arraycopy(source, offset + done, writable((at + done) >>> LEAF_BITS), start, part);
      done += part;
    }
  }

  /** Copies {@code length} bytes, at most a page, as if through an intermediate buffer: the two ranges may overlap. */
  public void move(long from, long to, int length) {
    note(Journal.How.MOVE, to, length);
    if (to <= from || to >= from + length) {
      for (int done = 0; done < length; ) {
        int start = (int) (from + done) & LEAF_MASK;
        int target = (int) (to + done) & LEAF_MASK;
        int part = min(length - done, LEAF_SIZE - Math.max(start, target));
        movePart(from + done, to + done, start, target, part);
        done += part;
      }
    } else {
      byte[] buffer = new byte[length];
      read(from, buffer, 0, length);
      store(to, buffer, 0, length);
    }
  }

  private void movePart(long from, long to, int start, int target, int length) {
    Leaf leaf = leaf(from >>> LEAF_BITS);
    if (leaf == null) {
      zero(to, length);
    } else {
      System.arraycopy(leaf.bytes, start, writable(to >>> LEAF_BITS), target, length);
    }
  }

  /** Sets {@code length} bytes from {@code at} to {@code value}; zeroing what was never written allocates nothing. */
  public void fill(long at, long length, int value) {
    note(Journal.How.FILL, at, length);
    if (value == 0) {
      zero(at, length);
      return;
    }
    for (long done = 0; done < length; ) {
      int start = (int) (at + done) & LEAF_MASK;
      int part = (int) min(length - done, LEAF_SIZE - start);
      Arrays.fill(writable((at + done) >>> LEAF_BITS), start, start + part, (byte) value);
      done += part;
    }
  }

  /** Visits only what was ever written. */
  private void zero(long at, long length) {
    long end = at + length;
    for (Leaf leaf = leafFrom(at >>> LEAF_BITS); leaf != null && leaf.index << LEAF_BITS < end; leaf = leafFrom(leaf.index + 1)) {
      long start = leaf.index << LEAF_BITS;
      Arrays.fill(writable(leaf.index), (int) (max(at, start) - start), (int) (min(end, start + LEAF_SIZE) - start), (byte) 0);
    }
  }

  /**
   * The first of the addresses {@code at}, {@code at + stride}, ... whose word of eight bytes has a bit of the mask set, or -1: a way to visit what
   * is stored, in address order.
   *
   * @param at a multiple of the stride
   * @param stride a power of two from 8 to {@value #LEAF_SIZE}
   */
  public long next(long at, int stride, long mask) {
    return next(at, Long.MAX_VALUE, stride, mask);
  }

  /** As {@link #next(long, int, long)}, before {@code end}, which is a multiple of {@value #LEAF_SIZE}. */
  public long next(long at, long end, int stride, long mask) {
    long from = at;
    while (true) {
      Leaf here = leaf(from >>> LEAF_BITS);
      Leaf leaf = here == null ? leafFrom(from >>> LEAF_BITS) : here;
      if (leaf == null || leaf.index << LEAF_BITS >= end) {
        return -1;
      }
      long start = leaf.index << LEAF_BITS;
      for (int i = from <= start ? 0 : (int) from & LEAF_MASK; i < LEAF_SIZE; i += stride) {
        if (((long) LONG.get(leaf.bytes, i) & mask) != 0) {
          return start + i;
        }
      }
      from = start + LEAF_SIZE;
    }
  }

  /** The start of the first leaf at or after {@code at} that was ever written, or -1. */
  public long nextStored(long at) {
    Leaf leaf = leafFrom(at >>> LEAF_BITS);
    return leaf == null ? -1 : leaf.index << LEAF_BITS;
  }

  /** The first leaf at or after that index that was ever written, or null. */
  private @Nullable Leaf leafFrom(long index) {
    return root == null || (index >>> (Trie.FAN_BITS * height)) != 0 ? null : Trie.leafFrom(root, height - 1, 0, index);
  }

  /**
   * The first word of eight bytes at or after {@code at} that is another one in {@code other}, or -1. What both still share since one was copied
   * from the other costs nothing.
   *
   * @param at a multiple of 8
   */
  public long nextDifference(SparseBytes other, long at) {
    int levels = Math.max(height, other.height);
    boolean isBeyond = at >>> LEAF_BITS >>> (Trie.FAN_BITS * levels) != 0;
    return isBeyond ? -1 : Trie.nextDifference(raised(levels), other.raised(levels), levels, 0, at);
  }

  /** The root of a trie of that height with the same leaves. */
  private @Nullable Node raised(int levels) {
    Node top = root;
    for (int level = height; level < levels && top != null; level++) {
      Node higher = new Node(token);
      higher.set(0, top);
      top = higher;
    }
    return top;
  }

  private @Nullable Leaf leaf(long index) {
    Leaf leaf = recent[slot(index)];
    return leaf != null && leaf.index == index ? leaf : find(index);
  }

  /** Scatters the leaves, because those at the start of a page differ in their high bits only. */
  private static int slot(long index) {
    return (int) (index * Digest.ODD >>> (Long.SIZE - RECENT_BITS));
  }

  private @Nullable Leaf find(long index) {
    Object node = root;
    int shift = Trie.FAN_BITS * height;
    if (index >>> shift != 0) {
      return null;
    }
    while (node != null && shift != 0) {
      shift -= Trie.FAN_BITS;
      node = ((Node) node).children[(int) (index >>> shift) & (Trie.FAN - 1)];
    }
    Leaf leaf = (Leaf) node;
    if (leaf != null) {
      recent[slot(index)] = leaf;
    }
    return leaf;
  }

  private byte[] writable(long index) {
    writes++;
    Leaf leaf = leaf(index);
    return leaf != null && leaf.owner == token ? leaf.bytes : firstWrite(index).bytes;
  }

  /** The slow path, once per leaf and seal: makes the path to the leaf this array's own and lists the leaf as dirty. */
  private Leaf firstWrite(long index) {
    while (index >>> (Trie.FAN_BITS * height) != 0) {
      if (root != null) {
        Node higher = new Node(token);
        higher.set(0, root);
        root = higher;
      }
      height++;
    }
    root = own(root);
    Node node = root;
    for (int level = height - 1; level > 0; level--) {
      int slot = (int) (index >>> (Trie.FAN_BITS * level)) & (Trie.FAN - 1);
      Node child = own((Node) node.children[slot]);
      node.set(slot, child);
      node = child;
    }
    int slot = (int) index & (Trie.FAN - 1);
    Leaf old = (Leaf) node.children[slot];
    Leaf leaf = new Leaf(token, index, old == null ? new byte[LEAF_SIZE] : old.bytes.clone());
    if (old != null) {
      sum -= old.hash;
    }
    node.set(slot, leaf);
    recent[slot(index)] = leaf;
    noteDirty(leaf);
    return leaf;
  }

  private Node own(@Nullable Node node) {
    if (node == null) {
      return new Node(token);
    }
    return node.owner == token ? node : new Node(token, node);
  }

  private void noteDirty(Leaf leaf) {
    if (dirtyCount == dirty.length) {
      dirty = Arrays.copyOf(dirty, 2 * dirtyCount);
    }
    dirty[dirtyCount++] = leaf;
  }
}
