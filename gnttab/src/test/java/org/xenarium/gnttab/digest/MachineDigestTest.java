package org.xenarium.gnttab.digest;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Host;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.state.SparseBytes;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.run.Move;
import org.xenarium.gnttab.kit.run.Run;
import org.xenarium.gnttab.kit.run.Vocabulary;

/** Every number that can change in a machine is in its digest: walks the machine's objects and changes one field at a time. */
class MachineDigestTest {
  /** Fields that need not be in the digest, and why. */
  private static final Map<String, String> EXEMPT =
      Map.of(
          "MachineMemory.lowestFree", "a hint, recomputed from the frames",
          "MachineMemory.highestFree", "a hint, recomputed from the frames",
          "Generator.drawn", "for whoever feeds numbers; those still to be drawn are in it",
          "EventQueue.scheduled", "only the order of scheduled events counts, and that is in it",
          "EventQueue.times", "see scheduled; slots beyond the size mean nothing",
          "EventQueue.orders", "see scheduled; slots beyond the size mean nothing",
          "EventQueue.actors", "see scheduled; slots beyond the size mean nothing",
          "EventQueue.size", "see times");

  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<String> forgotten = new ArrayList<>();
  private final Set<String> looked = new TreeSet<>();
  private Machine machine = Bench.start().machine();

  @Test
  void every_number_that_can_change_counts() throws Exception {
    Run run = Run.wild();
    for (Move move : Vocabulary.draw(7, 40)) {
      run.play(move);
    }
    machine = run.bench().machine();
    walk(machine);
    assertThat(forgotten).as("fields that the digest leaves out").isEmpty();
    assertThat(looked).contains(
        "Vcpu.x", "PageOwner.totPages", "RunState.pauses", "Maptrack.limit", "Maptrack.heads", "GrantTable.frames", "Physmap.maxMapped");
  }

  private void walk(Object object) throws IllegalAccessException {
    if (!seen.add(object)) {
      return;
    }
    for (Field field : Flips.fields(object.getClass())) {
      String name = Flips.name(field);
      boolean changes = !Modifier.isFinal(field.getModifiers()) || field.getType().isArray();
      if (changes && !EXEMPT.containsKey(name)) {
        looked.add(name);
        long before = machine.digest();
        Flips.flip(object, field, (part, was, is) -> look(part, before));
      }
      follow(field.get(object));
    }
  }

  private void look(String name, long before) {
    if (machine.digest() == before) {
      forgotten.add(name);
    }
  }

  private void follow(Object value) throws IllegalAccessException {
    if (value instanceof Object[] array) {
      for (int i = 0; i < Array.getLength(array); i++) {
        follow(array[i]);
      }
    } else if (value instanceof List<?> list) {
      for (Object element : list) {
        follow(element);
      }
    } else if (value != null && isState(value.getClass())) {
      walk(value);
    }
  }

  /** Content of stores is tried elsewhere; hosts, enums and records hold no state; routines have a test of their own. */
  private static boolean isState(Class<?> type) {
    boolean ours = type.getName().startsWith("org.xenarium.emulator") || type.getName().startsWith("org.xenarium.gnttab.table");
    return ours
        && !type.isEnum()
        && !type.isRecord()
        && !type.isHidden()
        && type != SparseBytes.class
        && type != Host.class
        && !Routine.class.isAssignableFrom(type);
  }
}
