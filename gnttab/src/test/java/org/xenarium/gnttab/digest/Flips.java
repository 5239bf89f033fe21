package org.xenarium.gnttab.digest;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.rule.GrantRule;

/** Changes one field of an object at a time, and puts it back. */
final class Flips {
  /** What is to be done while a field has another value. */
  interface Probe {
    void look(String field, Object was, Object is);
  }

  private Flips() {}

  /** The instance fields of a class and its superclasses. */
  static List<Field> fields(Class<?> type) {
    List<Field> fields = new ArrayList<>();
    for (Class<?> at = type; at != Object.class && at != null; at = at.getSuperclass()) {
      for (Field field : at.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          field.setAccessible(true);
          fields.add(field);
        }
      }
    }
    return fields;
  }

  /** A field's name, such as {@code MapGrantRef.handle}. */
  static String name(Field field) {
    return field.getDeclaringClass().getSimpleName() + "." + field.getName();
  }

  /** Flips a field, or the elements of an array in it; what is no value, no enum and no rule is left alone. */
  static void flip(Object object, Field field, Probe probe) throws IllegalAccessException {
    Object value = field.get(object);
    if (value != null && value.getClass().isArray()) {
      for (int i = 0; i < Array.getLength(value); i++) {
        Object was = Array.get(value, i);
        Object is = other(was, value.getClass().getComponentType());
        if (is != null) {
          Array.set(value, i, is);
          probe.look(name(field) + "[" + i + "]", was, is);
          Array.set(value, i, was);
        }
      }
      return;
    }
    Object is = other(value, field.getType());
    if (is != null) {
      field.set(object, is);
      probe.look(name(field), value, is);
      field.set(object, value);
    }
  }

  /** Another value of that type; null where there is none. */
  private static @Nullable Object other(@Nullable Object value, Class<?> type) {
    if (type.isEnum() || Rule.class.isAssignableFrom(type)) {
      return otherConstant(value, type);
    }
    return switch (value) {
      case Boolean b -> !b;
      case Integer i -> i > 0 ? i - 1 : i + 1; // downwards: counts must stay below the length of what they count
      case Long l -> l > 0 ? l - 1 : l + 1;
      case null, default -> null;
    };
  }

  private static Object otherConstant(@Nullable Object value, Class<?> type) {
    Object[] constants = type.isEnum() ? type.getEnumConstants() : GrantRule.values();
    for (Object constant : constants) {
      if (constant != value) {
        return constant;
      }
    }
    throw new AssertionError(type + " has one constant only");
  }
}
