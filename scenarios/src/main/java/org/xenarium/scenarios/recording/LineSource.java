package org.xenarium.scenarios.recording;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Feeds a file to the JSON parser one line at a time: the parser sees the end of its input at the end of each line, until {@link #nextLine}
 * is called.
 *
 * <p>So one parser serves the whole file (a new one for each line costs a quarter more time), yet an object that is not closed cannot
 * swallow the next line, and the bytes of the current line stay at hand.
 */
final class LineSource extends InputStream {
  /** Far above the longest line of any recording (tens of KiB): what is longer is another kind of file. */
  private static final int LONGEST_LINE = 64 << 20;

  private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long LOW_BITS = 0x0101010101010101L;
  private static final long HIGH_BITS = LOW_BITS << 7;
  private static final long NEWLINES = LOW_BITS * '\n';

  private final InputStream file;
  private byte[] buffer = new byte[1 << 16];
  private int filled;
  /** The current line is {@code buffer[start..end)}, without its newline; the parser has been given all before {@code handed}. */
  private int start;

  private int end;
  private int handed;
  private int next;
  private int lineNumber;
  private long handedBefore;

  LineSource(InputStream file) {
    this.file = file;
  }

  /** Moves to the next line; false at the end of the file. The last line need not end in a newline. */
  boolean nextLine() throws IOException {
    handedBefore += handed - start;
    start = next;
    end = findNewline();
    handed = start;
    next = Math.min(end + 1, filled);
    boolean exists = next > start;
    lineNumber += exists ? 1 : 0;
    return exists;
  }

  /** Index of the newline that ends the line at {@code start}, or {@code filled} if the file ends first. */
  private int findNewline() throws IOException {
    int length = 0;
    while (true) {
      int found = indexOfNewline(start + length);
      if (found < filled) {
        return found;
      }
      length = filled - start;
      makeRoom();
      int count = file.read(buffer, filled, buffer.length - filled);
      if (count < 0) {
        return filled;
      }
      filled += count;
    }
  }

  /** Eight bytes at a time, as every byte of a recording passes here; {@code filled} if there is none. */
  private int indexOfNewline(int from) {
    int i = from;
    for (; i + Long.BYTES <= filled; i += Long.BYTES) {
      long zeroWhereNewline = (long) WORDS.get(buffer, i) ^ NEWLINES;
      long marks = (zeroWhereNewline - LOW_BITS) & ~zeroWhereNewline & HIGH_BITS;
      if (marks != 0) {
        return i + (Long.numberOfTrailingZeros(marks) >> 3);
      }
    }
    while (i < filled && buffer[i] != '\n') {
      i++;
    }
    return i;
  }

  private void makeRoom() throws IOException {
    int kept = filled - start;
    if (kept >= LONGEST_LINE) {
      throw new IOException("a line is longer than " + (LONGEST_LINE >> 20) + " MiB");
    }
    if (kept == buffer.length) {
      buffer = Arrays.copyOf(buffer, 2 * kept);
    } else {
      System.arraycopy(buffer, start, buffer, 0, kept);
    }
    start = 0;
    filled = kept;
  }

  /** From 1; 0 before the first line. */
  int lineNumber() {
    return lineNumber;
  }

  /** The bytes of the current line, from {@link #start} on, {@link #length} of them. */
  byte[] bytes() {
    return buffer;
  }

  int start() {
    return start;
  }

  int length() {
    return end - start;
  }

  /** Whether the line lacks its newline, which only the last line may. */
  boolean isLast() {
    return next == end;
  }

  boolean isBlank() {
    return firstSolid(start) < 0;
  }

  /** The column, from 1, of the first byte that is no blank among those the parser has not consumed; 0 if there is none. */
  int columnAfter(int unconsumed) {
    int solid = firstSolid(handed - unconsumed);
    return solid < 0 ? 0 : solid - start + 1;
  }

  private int firstSolid(int from) {
    for (int i = from; i < end; i++) {
      if (buffer[i] != ' ' && buffer[i] != '\t' && buffer[i] != '\r') {
        return i;
      }
    }
    return -1;
  }

  /** The column, from 1, of the byte at {@code offset} among all bytes ever given to the parser. */
  int column(long offset) {
    return Math.clamp(offset - handedBefore + 1, 1, length() + 1);
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    if (handed == end && length > 0) {
      return -1;
    }
    int count = Math.min(length, end - handed);
    System.arraycopy(buffer, handed, into, offset, count);
    handed += count;
    return count;
  }

  @Override
  public int read() {
    return handed < end ? buffer[handed++] & 0xff : -1;
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      // All that was wanted of the file has been read; nothing can be lost any more.
    }
  }
}
