package org.xenarium.gnttab.kit;

import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/** Which phase of an operation or a death comes next: its field {@code next}, which no interface gives away. */
final class Phases {
  private Phases() {}

  static String of(@Nullable Object call) {
    if (call == null) {
      return "";
    }
    for (Class<?> type = call.getClass(); type != Object.class; type = type.getSuperclass()) {
      try {
        Field next = type.getDeclaredField("next");
        next.setAccessible(true);
        return String.valueOf(next.get(call));
      } catch (NoSuchFieldException e) {
        // perhaps the superclass has it
      } catch (IllegalAccessException e) {
        throw new AssertionError(e);
      }
    }
    return "";
  }
}
