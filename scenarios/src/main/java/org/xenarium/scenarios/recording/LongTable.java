package org.xenarium.scenarios.recording;

import java.util.Arrays;

/** Rows of numbers, all of one width; reused from line to line. Unsigned 64-bit values are kept as the same 64 bits. */
public final class LongTable {
  private long[] values = new long[16];
  private int width = 1;
  private int rows;

  LongTable() {}

  public int rows() {
    return rows;
  }

  public int width() {
    return width;
  }

  /** Throws {@link IndexOutOfBoundsException} outside the table. */
  public long get(int row, int column) {
    return values[checked(row, column)];
  }

  /** The number of a row in a table of one column. */
  public long get(int row) {
    return get(row, 0);
  }

  void clear(int columns) {
    width = columns;
    rows = 0;
  }

  /** Appends a row of zeros; its index. */
  int addRow() {
    int from = rows * width;
    if (from + width > values.length) {
      values = Arrays.copyOf(values, Math.max(2 * values.length, from + width));
    }
    Arrays.fill(values, from, from + width, 0);
    return rows++;
  }

  void set(int row, int column, long value) {
    values[checked(row, column)] = value;
  }

  private int checked(int row, int column) {
    if (row < 0 || row >= rows || column < 0 || column >= width) {
      throw new IndexOutOfBoundsException("row " + row + ", column " + column + " of " + rows + " rows of " + width);
    }
    return row * width + column;
  }
}
