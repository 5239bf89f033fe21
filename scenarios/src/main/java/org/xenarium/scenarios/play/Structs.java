package org.xenarium.scenarios.play;

/** Little-endian numbers in argument structs. */
final class Structs {
  /** Bytes that nobody wrote. */
  static final byte UNTOUCHED = 0x5a;

  private Structs() {}

  static void put(byte[] bytes, int at, int size, long value) {
    for (int i = 0; i < size; i++) {
      bytes[at + i] = (byte) (value >>> (8 * i));
    }
  }

  static long take(byte[] bytes, int at, int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (bytes[at + i] & 0xffL) << (8 * i);
    }
    return value;
  }
}
