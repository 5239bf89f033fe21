package org.xenarium.emulator.memoryop;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.state.Digest;

/** A number of an operation in flight that the digest forgets would merge states that differ. */
class RoutineDigestTest {
  static List<Routine> operations() {
    return List.of(
        new AddToPhysmap(new PageAdder(new MapSpaces())),
        new AddToPhysmapBatch(new PageAdder(new MapSpaces())),
        new AcquireResource(new MapSpaces()),
        new Exchange(),
        new RemoveFromPhysmap(),
        new Query(),
        new Reservation(Reservation.Kind.INCREASE),
        new Reservation(Reservation.Kind.DECREASE),
        new Reservation(Reservation.Kind.POPULATE));
  }

  @Test
  void operations_are_told_apart() {
    assertThat(operations().stream().map(RoutineDigestTest::digest)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("operations")
  void every_number_shows_in_the_digest_and_belongs_to_its_copy_alone(Routine operation) throws ReflectiveOperationException {
    for (Field field : operation.getClass().getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers()) || Modifier.isFinal(field.getModifiers())) {
        continue;
      }
      field.setAccessible(true);
      long before = digest(operation);
      Routine copy = operation.copy();
      if (field.getType().isEnum()) {
        field.set(operation, another(field.get(operation), field.getType()));
      } else if (field.getType() == boolean.class) {
        field.setBoolean(operation, !field.getBoolean(operation));
      } else if (field.getType() == int.class) {
        field.setInt(operation, field.getInt(operation) ^ 0x40);
      } else {
        field.setLong(operation, field.getLong(operation) ^ 0x40);
      }
      assertThat(digest(operation)).as(field.getName()).isNotEqualTo(before);
      assertThat(digest(copy)).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void an_operation_has_numbers_constants_and_shared_things_only(Routine operation) {
    assertThat(Arrays.stream(operation.getClass().getDeclaredFields()).filter(field -> !Modifier.isFinal(field.getModifiers())))
        .allMatch(field -> field.getType().isPrimitive() || field.getType().isEnum());
  }

  private static Object another(@Nullable Object constant, Class<?> type) {
    return Arrays.stream(type.getEnumConstants()).filter(other -> other != constant).findFirst().orElseThrow();
  }

  private static long digest(Routine routine) {
    Digest digest = new Digest();
    routine.digest(digest);
    return digest.value();
  }
}
