package org.xenarium.scenarios.recording;

/**
 * Which whole numbers a field may hold.
 *
 * @param min the least, signed
 * @param max the greatest, signed if {@code wide} is not set, else unsigned 64 bit
 * @param wide numbers from 2<sup>63</sup> on are allowed; they are kept as the same 64 bits
 */
record Range(long min, long max, boolean wide) {
  static final Range U16 = unsigned(2);
  static final Range U32 = unsigned(4);
  static final Range U64 = unsigned(8);
  static final Range S16 = of(Short.MIN_VALUE, Short.MAX_VALUE);
  static final Range S64 = of(Long.MIN_VALUE, Long.MAX_VALUE);
  /** A frame number or address of the xen-core format, where -1 stands for all ones. */
  static final Range ADDRESS = new Range(-1, -1, true);
  /** 64 bits that a script's author may have written as a negative number. */
  static final Range ANY64 = new Range(Long.MIN_VALUE, -1, true);
  static final Range BIT = of(0, 1);
  static final Range ONE = of(1, 1);
  /** Domain ids up to the first reserved one, {@code DOMID_FIRST_RESERVED} = 0x7ff0. */
  static final Range DOMAIN = of(0, 0x7fef);

  static Range of(long min, long max) {
    return new Range(min, max, false);
  }

  /** All values of an unsigned field of that many bytes. */
  static Range unsigned(int bytes) {
    return bytes == 8 ? new Range(0, -1, true) : of(0, (1L << (8 * bytes)) - 1);
  }

  /** {@code big}: the number is 2<sup>63</sup> or above, {@code value} its 64 bits. */
  boolean contains(long value, boolean big) {
    return big ? wide : value >= min && (wide || value <= max);
  }

  @Override
  public String toString() {
    if (min == max && !wide) {
      return Long.toString(min);
    }
    return "a whole number from " + min + " to " + (wide ? Long.toUnsignedString(max) : Long.toString(max));
  }
}
