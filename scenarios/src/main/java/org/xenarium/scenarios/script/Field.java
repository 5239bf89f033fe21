package org.xenarium.scenarios.script;

import java.util.OptionalLong;

/**
 * One named number that an operation takes or gives back.
 *
 * @param name as scenarios spell it
 * @param size bytes that count
 * @param offset in the argument struct; -1 where none is passed
 * @param preset what it is when a scenario does not say; empty where it has to
 */
public record Field(String name, FieldType type, int size, int offset, OptionalLong preset) {
  /** What a number of this field may be: unsigned, or negative for the same bits. */
  boolean holds(long value) {
    return size == Long.BYTES || value >= -(1L << (8 * size - 1)) && value < 1L << (8 * size);
  }

  /** The bits of a number that the field keeps. */
  public long bits(long value) {
    return size == Long.BYTES ? value : value & ((1L << (8 * size)) - 1);
  }

  /** The preset by its name, if it has one; 0 where there is none. */
  Value presetValue() {
    long value = preset.orElse(0);
    return new Value.Number(value, type == FieldType.FLAG ? Boolean.toString(value != 0) : type.name(value));
  }

  boolean required() {
    return preset.isEmpty();
  }
}
