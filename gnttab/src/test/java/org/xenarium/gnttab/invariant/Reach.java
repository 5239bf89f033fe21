package org.xenarium.gnttab.invariant;

import java.lang.reflect.Field;

/** Reaches into state that nobody may change, to break it. */
final class Reach {
  private Reach() {}

  @SuppressWarnings("unchecked")
  static <T> T get(Object from, String field) {
    try {
      return (T) find(from.getClass(), field).get(from);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  static void set(Object in, String field, Object value) {
    try {
      find(in.getClass(), field).set(in, value);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private static Field find(Class<?> type, String name) {
    for (Class<?> at = type; at != Object.class; at = at.getSuperclass()) {
      for (Field field : at.getDeclaredFields()) {
        if (field.getName().equals(name)) {
          field.setAccessible(true);
          return field;
        }
      }
    }
    throw new AssertionError(type + " has no field " + name);
  }
}
