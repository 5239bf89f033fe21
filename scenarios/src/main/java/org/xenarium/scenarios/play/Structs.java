package org.xenarium.scenarios.play;

import org.xenarium.emulator.hypercall.Bytes;

/** Little-endian numbers of 1, 2, 4 or 8 bytes in argument structs. */
final class Structs {
  /** Bytes that nobody wrote. */
  static final byte UNTOUCHED = 0x5a;

  private Structs() {}

  static void put(byte[] bytes, int at, int size, long value) {
    switch (size) {
      case Byte.BYTES -> bytes[at] = (byte) value;
      case Short.BYTES -> Bytes.setShort(bytes, at, (int) value);
      case Integer.BYTES -> Bytes.setInt(bytes, at, (int) value);
      default -> Bytes.setLong(bytes, at, value);
    }
  }

  static long take(byte[] bytes, int at, int size) {
    return switch (size) {
      case Byte.BYTES -> bytes[at] & 0xff;
      case Short.BYTES -> Bytes.getShort(bytes, at);
      case Integer.BYTES -> Integer.toUnsignedLong(Bytes.getInt(bytes, at));
      default -> Bytes.getLong(bytes, at);
    };
  }
}
