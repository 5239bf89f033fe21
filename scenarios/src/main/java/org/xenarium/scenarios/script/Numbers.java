package org.xenarium.scenarios.script;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers and times as scenarios write them. */
final class Numbers {
  /** A time: a whole number and a unit. */
  static final String TIME = "(0|[1-9][0-9]*)(ns|us|ms|s)";

  private static final Pattern TIMES = Pattern.compile(TIME);
  private static final ImmutableMap<String, Long> UNITS = ImmutableMap.of("s", 1_000_000_000L, "ms", 1_000_000L, "us", 1_000L, "ns", 1L);

  private Numbers() {}

  /** A whole number: decimal, or hexadecimal after {@code 0x}; up to 64 bits without sign. Null if it is none. */
  static @Nullable Long parse(String text) {
    try {
      if (text.startsWith("0x")) {
        return Long.parseUnsignedLong(text, 2, text.length(), 16);
      }
      return text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** A time in nanoseconds; null if it is none. */
  static @Nullable Long nanos(String text) {
    Matcher time = TIMES.matcher(text);
    if (!time.matches()) {
      return null;
    }
    try {
      return Math.multiplyExact(Long.parseLong(time.group(1)), UNITS.getOrDefault(time.group(2), 1L));
    } catch (ArithmeticException | NumberFormatException e) {
      return null;
    }
  }

  /** Nanoseconds of the unit in which a time is written; 1 if it is none. */
  static long unit(String text) {
    Matcher time = TIMES.matcher(text);
    return time.matches() ? UNITS.getOrDefault(time.group(2), 1L) : 1;
  }

  /** A time with the largest unit that divides it. */
  static String time(long nanos) {
    for (Map.Entry<String, Long> unit : UNITS.entrySet()) {
      if (nanos % unit.getValue() == 0) {
        return nanos / unit.getValue() + unit.getKey();
      }
    }
    throw new AssertionError("every number is a multiple of 1");
  }
}
