package org.xenarium.scenarios.play;

import com.google.common.primitives.Longs;
import java.util.ArrayList;
import java.util.List;
import org.xenarium.emulator.state.Digest;
import org.xenarium.scenarios.script.Field;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Step;
import org.xenarium.scenarios.script.Value;

/** The numbers that a step is done with: those of all elements, one behind the other. They do not change while it is under way. */
final class Inputs {
  private final Operation operation;
  private final long[] numbers;
  private final int elements;

  /** What stands in its lists, one behind the other; empty where there is none. */
  private final long[] items;

  /** Bytes of each. */
  private final int itemSize;

  Inputs(Operation operation, long[] numbers, int elements, long[] items, int itemSize) {
    this.operation = operation;
    this.numbers = numbers;
    this.elements = elements;
    this.items = items;
    this.itemSize = itemSize;
  }

  static boolean areKnown(Step step, Notes notes) {
    for (List<Value> element : step.elements()) {
      if (!Evaluator.areKnown(element, notes)) {
        return false;
      }
    }
    return step.count().stream().allMatch(value -> Evaluator.isKnown(value, notes))
        && step.ptr().stream().allMatch(value -> Evaluator.isKnown(value, notes));
  }

  /** Those of a step, all of whose values are known. Lists lie where those of the step's actor do. */
  static Inputs of(Plan plan, int index, Notes notes) {
    Step step = plan.step(index);
    Evaluator evaluator = plan.evaluator();
    int width = step.operation().in().size();
    long[] numbers = new long[width * step.elements().size()];
    List<Long> items = new ArrayList<>();
    int itemSize = Long.BYTES;
    for (int element = 0; element < step.elements().size(); element++) {
      for (int field = 0; field < width; field++) {
        Value value = step.elements().get(element).get(field);
        Field input = step.operation().in().get(field);
        if (value instanceof Value.Items list) {
          itemSize = input.type().itemSize();
          numbers[element * width + field] = GuestMemory.lists(plan.slot(index)) + (long) items.size() * itemSize;
          list.items().forEach(item -> items.add(evaluator.number(item, notes)));
        } else {
          numbers[element * width + field] = input.bits(evaluator.number(value, notes));
        }
      }
    }
    return new Inputs(step.operation(), numbers, step.elements().size(), Longs.toArray(items), itemSize);
  }

  Operation operation() {
    return operation;
  }

  int elements() {
    return elements;
  }

  /** An input of the first element. */
  long get(int field) {
    return numbers[field];
  }

  long get(int element, int field) {
    return numbers[element * operation.in().size() + field];
  }

  /** The input of that name of the first element. */
  long get(String name) {
    for (int i = 0; i < operation.in().size(); i++) {
      if (operation.in().get(i).name().equals(name)) {
        return numbers[i];
      }
    }
    throw new IllegalArgumentException(operation.spelling() + " has no input " + name);
  }

  /** What is to be stored from {@link GuestMemory#lists} on, each in {@link #itemSize} bytes. */
  long[] items() {
    return items;
  }

  int itemSize() {
    return itemSize;
  }

  /** Puts an element where a hypercall finds it. */
  void put(int element, byte[] bytes, int at) {
    List<Field> fields = operation.in();
    for (int i = 0; i < fields.size(); i++) {
      Structs.put(bytes, at + fields.get(i).offset(), fields.get(i).size(), get(element, i));
    }
  }

  void digest(Digest digest) {
    digest.add(numbers.length);
    for (long number : numbers) {
      digest.add(number);
    }
    digest.add(items.length).add(itemSize);
    for (long item : items) {
      digest.add(item);
    }
  }
}
