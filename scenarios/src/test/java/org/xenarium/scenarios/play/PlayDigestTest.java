package org.xenarium.scenarios.play;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.reflect.ClassPath;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.driver.MapRefs;
import org.xenarium.scenarios.script.Scenario;
import org.xenarium.scenarios.script.ScenarioReader;
import org.xenarium.scenarios.script.Scenarios;

/** Every field of what a scenario's guests are in the middle of is in its digest, and belongs to its copy alone (DESIGN §7). */
class PlayDigestTest {
  private static final String OF_THE_STEP = "the step says it, and its index is in the digest";

  /** Fields that need not be in the digest, and why. */
  private static final Map<String, String> EXEMPT =
      Map.of("Inputs.elements", OF_THE_STEP, "Inputs.operation", OF_THE_STEP, "Program.steps", "the actor's program never changes");

  /** One of each kind of activity. */
  private static final String[] STEPS = {
    "{by: A, init: }",
    "{by: A, map_refs: [{dom: B, ref: 8, addr: free.0}]}",
    "{by: A, mapmany: {dom: B, ref: 8, addr: free.0, n: 3}}",
    "{by: A, sched_poll: {ports: [1, 2]}, count: 3, ptr: ram.0}",
    "{by: A, hyp: {nr: 20}}",
    "{by: A, gte: {ref: 8, flags: 1, dom: B, gfn: 5}}",
    "{by: A, gtr2: 8}",
    "{by: A, fill: {addr: ram.0, byte: 1, len: 9000}}",
    "{by: A, wait_for_event: }",
    "{by: A, wait: 1ms}",
    "{by: A, await: {addr: ram.0, val: 1}}",
    "{by: A, barrier: 1}",
    "{by: A, gnttabop_error: 0}"
  };

  private static List<Routine> samples() throws Exception {
    Scenario scenario = ScenarioReader.read("f", Scenarios.sequence(STEPS));
    Plan plan = new Plan(scenario);
    Notes notes = new Notes(scenario.layout());
    List<Routine> samples = new ArrayList<>();
    for (int i = 0; i < STEPS.length; i++) {
      samples.add(Activities.of(plan, i, 0, notes));
    }
    set(samples.get(1), "call", new MapRefs(0x1000, 1));
    Program program = new Program(plan, 0, new int[] {0, 1});
    set(program, "activity", samples.get(3).copy());
    samples.add(program);
    samples.add(new CountingEvents(0x1000, 0x2000));
    return samples;
  }

  private static void set(Object object, String name, Object value) throws ReflectiveOperationException {
    Field field = object.getClass().getDeclaredField(name);
    field.setAccessible(true);
    field.set(object, value);
  }

  @Test
  void every_routine_of_the_player_is_looked_at() throws Exception {
    Set<String> classes =
        ClassPath.from(PlayDigestTest.class.getClassLoader()).getTopLevelClasses("org.xenarium.scenarios.play").stream()
            .map(ClassPath.ClassInfo::load)
            .filter(type -> Routine.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers()))
            .map(Class::getSimpleName)
            .collect(Collectors.toSet());
    assertThat(samples()).extracting(routine -> routine.getClass().getSimpleName()).containsExactlyInAnyOrderElementsOf(classes);
  }

  @Test
  void samples_are_told_apart() throws Exception {
    assertThat(samples().stream().map(PlayDigestTest::digest)).doesNotHaveDuplicates();
  }

  @Test
  void every_field_shows_in_the_digest() throws Exception {
    List<String> forgotten = new ArrayList<>();
    for (Routine routine : samples()) {
      long before = digest(routine);
      for (Map.Entry<String, Flip> flip : flips(routine).entrySet()) {
        if (!EXEMPT.containsKey(flip.getKey())) {
          flip.getValue().change().run();
          if (digest(routine) == before) {
            forgotten.add(routine.getClass().getSimpleName() + ": " + flip.getKey());
          }
          flip.getValue().undo().run();
          assertThat(digest(routine)).as("as before").isEqualTo(before);
        }
      }
    }
    assertThat(forgotten).as("fields that their digests leave out").isEmpty();
  }

  @Test
  void what_changes_in_a_copy_changes_there_alone() throws Exception {
    for (Routine routine : samples()) {
      Routine copy = routine.copy();
      long before = digest(routine);
      assertThat(digest(copy)).isEqualTo(before);
      for (Map.Entry<String, Flip> flip : flips(copy).entrySet()) {
        // Numbers that never change are shared.
        if (!flip.getKey().startsWith("Inputs.") && !flip.getKey().equals("Program.steps")) {
          flip.getValue().change().run();
          assertThat(digest(routine)).as("%s of %s", flip.getKey(), routine.getClass().getSimpleName()).isEqualTo(before);
          flip.getValue().undo().run();
        }
      }
    }
  }

  /** Two actions: the second takes the first one back. */
  private record Flip(Runnable change, Runnable undo) {}

  /** A change to each field of an object and of its parts, by its name. */
  private static Map<String, Flip> flips(Object object) throws IllegalAccessException {
    Map<String, Flip> flips = new LinkedHashMap<>();
    for (Class<?> type = object.getClass(); type != null && type != Object.class; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          field.setAccessible(true);
          add(object, field, flips);
        }
      }
    }
    return flips;
  }

  private static void add(Object object, Field field, Map<String, Flip> flips) throws IllegalAccessException {
    String name = field.getDeclaringClass().getSimpleName() + "." + field.getName();
    Object value = field.get(object);
    Object other = other(value, field.getType());
    if (other != null) {
      flips.put(name, new Flip(() -> put(field, object, other), () -> put(field, object, value)));
    }
    if (value instanceof Routine) {
      flips.put(name + " is there", new Flip(() -> put(field, object, field.getName().equals("call") ? new MapRefs(1, 2) : null), () -> put(field, object, value)));
    }
    if (value instanceof Routine || value instanceof Inputs) {
      flips.putAll(flips(value));
    }
  }

  private static void put(Field field, Object object, @Nullable Object value) {
    try {
      field.set(object, value);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  /** Another value of that type; null where there is none. */
  private static @Nullable Object other(@Nullable Object value, Class<?> type) {
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants()).filter(constant -> constant != value).findFirst().orElseThrow();
    }
    return switch (value) {
      case Boolean b -> !b;
      case Integer i -> i + 1;
      case Long l -> l + 1;
      case OptionalLong l -> l.isPresent() ? OptionalLong.empty() : OptionalLong.of(1);
      case long[] array when array.length > 0 -> Arrays.stream(array).map(number -> number + 1).toArray();
      case int[] array when array.length > 0 -> Arrays.stream(array).map(number -> number + 1).toArray();
      case null, default -> null;
    };
  }

  private static long digest(Routine routine) {
    Digest digest = new Digest();
    routine.digest(digest);
    return digest.value();
  }
}
