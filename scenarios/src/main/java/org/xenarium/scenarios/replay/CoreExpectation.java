package org.xenarium.scenarios.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.xenarium.scenarios.recording.CoreDomain;
import org.xenarium.scenarios.recording.CoreDomainState;
import org.xenarium.scenarios.recording.CoreMapping;
import org.xenarium.scenarios.recording.CoreStateField;

/** The hidden state that a domain must have after the last line: what the header says, and all changes since. */
final class CoreExpectation {
  final CoreDomain declared;
  CoreDomainState.Life life = CoreDomainState.Life.ALIVE;
  boolean gone;

  /** Entries that were ever mentioned: {pin, flags, status} by reference. */
  final Map<Integer, long[]> entries = new TreeMap<>();

  /** Physmap entries: {mfn, type} by guest frame. */
  final Map<Long, long[]> p2m = new TreeMap<>();

  /** Head and tail of each vCPU's free list; empty until they were mentioned. */
  List<long[]> free = new ArrayList<>();

  private final Map<CoreStateField, Long> numbers = new EnumMap<>(CoreStateField.class);

  CoreExpectation(CoreDomain declared) {
    this.declared = declared;
    for (CoreMapping mapping : declared.p2m()) {
      p2m.put(mapping.gfn(), new long[] {mapping.mfn(), mapping.type()});
    }
  }

  boolean knows(CoreStateField field) {
    return numbers.containsKey(field);
  }

  long number(CoreStateField field) {
    return Objects.requireNonNull(numbers.get(field));
  }

  void apply(CoreDomainState change) {
    gone |= change.has(CoreStateField.GONE);
    if (change.has(CoreStateField.LIFE)) {
      life = change.life();
    }
    for (CoreStateField field : NUMBERS) {
      if (change.has(field)) {
        numbers.put(field, change.get(field));
      }
    }
    if (change.has(CoreStateField.FREE)) {
      free = new ArrayList<>();
      for (int row = 0; row < change.free().rows(); row++) {
        free.add(new long[] {change.free().get(row, 0), change.free().get(row, 1)});
      }
    }
    for (int row = 0; row < change.entries().rows(); row++) {
      long[] entry = {change.entries().get(row, 1), change.entries().get(row, 2), change.entries().get(row, 3)};
      entries.put((int) change.entries().get(row, 0), entry);
    }
    for (int row = 0; row < change.p2m().rows(); row++) {
      applyMapping(change.p2m().get(row, 0), change.p2m().get(row, 1), change.p2m().get(row, 2));
    }
  }

  private void applyMapping(long gfn, long mfn, long type) {
    if (type == 0) {
      p2m.remove(gfn);
    } else {
      p2m.put(gfn, new long[] {mfn, type});
    }
  }

  /** Fields that are plain numbers. */
  static final List<CoreStateField> NUMBERS =
      Arrays.asList(
          CoreStateField.VER,
          CoreStateField.NF,
          CoreStateField.SF,
          CoreStateField.ML,
          CoreStateField.MU,
          CoreStateField.V2OPS,
          CoreStateField.RAM,
          CoreStateField.TAB,
          CoreStateField.STAB);
}
