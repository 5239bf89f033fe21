package org.xenarium.gnttab.digest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.reflect.ClassPath;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.driver.EndAccess;

/** Every field of every routine is in its digest; a forgotten one would make different states look the same (DESIGN §7). */
class RoutineDigestTest {
  private static final String SAME_CLASS = "every instance of the class, or of that command, has the same";

  /** Fields that need not be in the digest, and why. */
  private static final Map<String, String> EXEMPT =
      Map.ofEntries(
          Map.entry("BatchOperation.elementSize", SAME_CLASS),
          Map.entry("StructCall.size", SAME_CLASS),
          Map.entry("StructCall.unreadable", SAME_CLASS),
          Map.entry("StructCall.unwritable", SAME_CLASS),
          Map.entry("FrameListOperation.domOffset", SAME_CLASS),
          Map.entry("FrameListOperation.countOffset", SAME_CLASS),
          Map.entry("FrameListOperation.listOffset", SAME_CLASS),
          Map.entry("FrameListOperation.statusOffset", SAME_CLASS),
          Map.entry("CopyOperand.readonly", "a source is always read and a destination always written"));

  /** Length of the arrays of routines under test. */
  private static final int ARRAY = 4;

  /** Values without which another field means nothing. */
  private static final Map<String, Object> MEANINGFUL = Map.of("UnmapGrantRef.pendingCount", ARRAY);

  @Test
  void every_field_of_every_routine_counts() throws Exception {
    List<String> forgotten = new ArrayList<>();
    List<Class<?>> routines = routines();
    for (Class<?> type : routines) {
      Routine routine = (Routine) blank(type);
      probe(routine, routine, forgotten);
    }
    assertThat(forgotten).as("fields that their digests leave out").isEmpty();
    assertThat(routines).extracting(Class::getSimpleName).contains("MapGrantRef", "UnmapGrantRef", "CopyGrant", "AddToPhysmap");
  }

  @Test
  void a_copy_shares_nothing_that_can_change() throws Exception {
    for (Class<?> type : routines()) {
      Routine original = (Routine) blank(type);
      long before = digest(original);
      flipAll(original.copy(), original, before);
    }
  }

  private static void flipAll(Object part, Routine original, long before) throws IllegalAccessException {
    for (Field field : Flips.fields(part.getClass())) {
      Flips.flip(
          part, field, (name, was, is) -> assertThat(digest(original)).as("original, when its copy's %s changes", name).isEqualTo(before));
      Object value = field.get(part);
      if (value != null && isPart(value.getClass())) {
        flipAll(value, original, before);
      }
    }
  }

  /** Flips all fields of a part of a routine. */
  private static void probe(Routine routine, Object part, List<String> forgotten) throws IllegalAccessException {
    for (Field field : Flips.fields(part.getClass())) {
      long before = digest(routine);
      Flips.flip(
          part,
          field,
          (name, was, is) -> {
            if (!EXEMPT.containsKey(name) && digest(routine) == before) {
              forgotten.add(routine.getClass().getSimpleName() + ": " + name + ", " + was + " or " + is);
            }
          });
      Object value = field.get(part);
      if (value != null && isPart(value.getClass())) {
        probe(routine, value, forgotten);
      }
    }
  }

  private static long digest(Routine routine) {
    Digest digest = new Digest();
    routine.digest(digest);
    return digest.value();
  }

  /** A part of a routine with fields of its own, copied with it, such as an operand of a copy. */
  private static boolean isPart(Class<?> type) {
    return Cloneable.class.isAssignableFrom(type) && !type.isArray();
  }

  /** A new routine or part made from nothing in particular, with arrays long enough for what {@link #MEANINGFUL} says. */
  private static Object blank(Class<?> type) throws Exception {
    Constructor<?> constructor = type.getDeclaredConstructors()[0];
    constructor.setAccessible(true);
    Object[] arguments = Arrays.stream(constructor.getParameterTypes()).map(RoutineDigestTest::argument).toArray();
    Object object = constructor.newInstance(arguments);
    for (Field field : Flips.fields(type)) {
      if (MEANINGFUL.containsKey(Flips.name(field))) {
        field.set(object, MEANINGFUL.get(Flips.name(field)));
      } else if (field.getType() == long[].class) {
        field.set(object, new long[ARRAY]);
      } else if (Routine.class.isAssignableFrom(field.getType()) && !Modifier.isAbstract(field.getType().getModifiers())) {
        field.set(object, blank(field.getType()));
      }
    }
    return object;
  }

  private static @Nullable Object argument(Class<?> type) {
    if (type.isEnum()) {
      return type.getEnumConstants()[0];
    }
    if (type == Routine[].class) {
      return Stream.generate(() -> new EndAccess(0)).limit(ARRAY).toArray(Routine[]::new);
    }
    return type.isPrimitive() ? Array.get(Array.newInstance(type, 1), 0) : null;
  }

  private static List<Class<?>> routines() throws Exception {
    List<Class<?>> routines = new ArrayList<>();
    for (ClassPath.ClassInfo info : ClassPath.from(RoutineDigestTest.class.getClassLoader()).getAllClasses()) {
      if (info.getPackageName().startsWith("org.xenarium") && !info.url().toString().contains("test")) {
        Class<?> type = info.load();
        if (Routine.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())) {
          routines.add(type);
        }
      }
    }
    return routines;
  }
}
