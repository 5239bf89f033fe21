package org.xenarium.gnttab.driver;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.state.Mirror;
import org.xenarium.emulator.state.SparseBytes;

/**
 * The driver's list of free references, {@code gref_list}: last in, first out. Element 0 is the head, element g the free reference after g, 0
 * ends it, and a reference that was handed out is marked.
 */
public final class FreeList {
  /** References that are never handed out, from 0 on. */
  public static final int RESERVED = 8;

  private static final int USED = -2;

  private final SparseBytes next;

  FreeList() {
    this(new SparseBytes());
  }

  private FreeList(SparseBytes next) {
    this.next = next;
  }

  FreeList copy() {
    return new FreeList(next.copy());
  }

  void digest(Digest digest) {
    digest.add(next.digest());
  }

  void freeze() {
    next.seal();
  }

  Mirror mirror() {
    return new Mirror(next);
  }

  /** The reference whose element begins at {@code at}, as a mirror gives it. */
  static int refOf(long at) {
    return (int) (at / Integer.BYTES);
  }

  /** The first free reference; 0 when there is none. */
  public int head() {
    return after(0);
  }

  /** The free reference behind a free one; 0 when there is none. */
  public int after(int ref) {
    return next.getInt(4L * ref);
  }

  /** True for references that were handed out and not given back. */
  public boolean isUsed(int ref) {
    return isUsedMark(after(ref));
  }

  /** True for what the element of a reference holds that was handed out. */
  static boolean isUsedMark(int element) {
    return element == USED;
  }

  /** The first elements: each is what {@link #after} says. */
  int[] elements(int count) {
    byte[] bytes = new byte[Integer.BYTES * count];
    next.read(0, bytes, 0, bytes.length);
    int[] elements = new int[count];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(elements);
    return elements;
  }

  /**
   * Takes the first one; on an empty list nothing happens and 0 is taken.
   *
   * @param marks whether its element says from now on that it is used; otherwise it keeps what it was
   */
  int pop(boolean marks) {
    int ref = head();
    if (ref != 0) {
      set(0, after(ref));
    }
    if (ref != 0 && marks) {
      set(ref, USED);
    }
    return ref;
  }

  /** Puts a reference in front, wherever it was before. */
  void push(int ref) {
    set(ref, head());
    set(0, ref);
  }

  private void set(int ref, int value) {
    next.setInt(4L * ref, value);
  }
}
