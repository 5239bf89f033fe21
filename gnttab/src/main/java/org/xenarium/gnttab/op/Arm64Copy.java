package org.xenarium.gnttab.op;

import org.xenarium.emulator.state.SparseBytes;

/**
 * The order in which Xen on Arm64 loads and stores the bytes of a copy. It shows only where source and destination overlap: then bytes that
 * were stored already are loaded again. The specification leaves that open (§3.5.1); this is what 4.17.7 does, measured on 48 overlapping
 * copies of 1 to 400 bytes.
 *
 * <p>Small pieces bring the source to a multiple of 16 bytes; then come quarters of 16 bytes, four at a time where there are 64 bytes or more,
 * and small pieces again. From 128 bytes on, each quarter of the next 64 bytes is loaded before the following one of the last 64 is stored.
 */
final class Arm64Copy {
  private static final int QUARTER = 16;
  private static final int BLOCK = 4 * QUARTER;

  private final SparseBytes content;

  /** The bytes that are loaded and not stored yet. */
  private final byte[] registers = new byte[BLOCK];

  private long from;
  private long to;

  private Arm64Copy(SparseBytes content, long from, long to) {
    this.content = content;
    this.from = from;
    this.to = to;
  }

  /** Copies {@code length} bytes; neither range crosses the end of a page. */
  static void copy(SparseBytes content, long from, long to, int length) {
    new Arm64Copy(content, from, to).copy(length);
  }

  private void copy(int length) {
    int left = length;
    if (left >= QUARTER) {
      int head = (int) -from & (QUARTER - 1);
      for (int size = 1; size < QUARTER; size <<= 1) {
        pieceIf(head, size);
      }
      left -= head;
      if (left >= BLOCK) {
        blocks(left / BLOCK);
        left %= BLOCK;
      }
      for (; left >= QUARTER; left -= QUARTER) {
        piece(QUARTER);
      }
    }
    for (int size = QUARTER / 2; size > 0; size >>= 1) {
      pieceIf(left, size);
    }
  }

  private void pieceIf(int sizes, int size) {
    if ((sizes & size) != 0) {
      piece(size);
    }
  }

  private void piece(int size) {
    load(0, size);
    store(0, size);
  }

  private void blocks(int count) {
    if (count == 1) {
      piece(QUARTER);
      load(0, 2 * QUARTER);
      store(0, 2 * QUARTER);
      piece(QUARTER);
      return;
    }
    load(0, BLOCK);
    for (int block = 1; block < count; block++) {
      for (int at = 0; at < BLOCK; at += QUARTER) {
        store(at, QUARTER);
        load(at, QUARTER);
      }
    }
    store(0, BLOCK);
  }

  private void load(int at, int size) {
    content.read(from, registers, at, size);
    from += size;
  }

  private void store(int at, int size) {
    content.write(to, registers, at, size);
    to += size;
  }
}
