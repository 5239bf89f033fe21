package org.xenarium.scenarios.vocabulary;

import com.google.common.primitives.Longs;
import java.util.Arrays;
import java.util.OptionalLong;
import org.xenarium.scenarios.script.Operation;

/** An operation with its inputs, which are given one after the other, element by element, in the order of the operation's table. */
public final class Call {
  /** The source of an input that no step gave and that is no list. */
  private static final long NUMBER = -1;

  private final Turn turn;
  private final Operation operation;
  private final int width;
  private long[] numbers;
  private long[] sources;
  private long[] items = {};
  private int count;

  /** Which of an element's inputs comes next. */
  private int field;

  /** Where its lists lie. */
  private final long lists;

  private boolean batch;
  private OptionalLong passed = OptionalLong.empty();
  private OptionalLong pointer = OptionalLong.empty();

  Call(Turn turn, Operation operation) {
    this.turn = turn;
    this.operation = operation;
    lists = turn.lists();
    width = operation.in().size();
    numbers = new long[Math.max(width, 1)];
    sources = new long[numbers.length];
  }

  /** The next input. */
  public Call with(long number) {
    return add(number, NUMBER);
  }

  /** The next input is something that the guest was told. */
  public Call with(Known known) {
    return add(known.value(), known.step() < 0 ? NUMBER : ((long) known.step() << 32) | known.column());
  }

  /** The next input is a list of guest frames or ports, which are stored where lists are, behind those that were given before. */
  public Call withList(long... list) {
    int first = items.length;
    items = Longs.concat(items, list);
    return add(lists + (long) first * itemSize(field), NUMBER - items.length);
  }

  /** The elements are passed as a batch, even if there is only one. */
  public Call asBatch() {
    batch = true;
    return this;
  }

  /** The hypercall is told of so many elements, whatever is there. */
  public Call told(long elements) {
    passed = OptionalLong.of(elements);
    return this;
  }

  /** The hypercall is told that its elements lie at that guest address, whatever is there; they are stored where they always are. */
  public Call at(long address) {
    pointer = OptionalLong.of(address);
    return this;
  }

  private Call add(long number, long source) {
    if (count == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * count);
      sources = Arrays.copyOf(sources, 2 * count);
    }
    numbers[count] = operation.in().get(field).bits(number);
    sources[count++] = source;
    field = field + 1 == width ? 0 : field + 1;
    return this;
  }

  /** The actor begins it, and takes steps as far as the move lets it. */
  public void play() {
    if (width > 0 && (count == 0 || field != 0)) {
      throw new IllegalStateException(operation.spelling() + " takes " + width + " inputs for each element, and was given " + count);
    }
    numbers = count == numbers.length ? numbers : Arrays.copyOf(numbers, count);
    turn.play(this);
  }

  /** As {@link #play}, unless it has no elements. */
  public void playIfAny() {
    if (count > 0) {
      play();
    }
  }

  public Operation operation() {
    return operation;
  }

  public int elements() {
    return width == 0 ? 1 : count / width;
  }

  long[] numbers() {
    return numbers;
  }

  /** What its lists hold, one behind the other. */
  long[] items() {
    return items;
  }

  /** The list that this input stands for; empty if it stands for none. */
  long[] list(int element, int field) {
    int end = (int) Math.max(0, NUMBER - sources[element * width + field]);
    return end == 0 ? new long[0] : Arrays.copyOfRange(items, (int) (get(element, field) - lists) / itemSize(field), end);
  }

  private int itemSize(int field) {
    return operation.in().get(field).type().itemSize();
  }

  boolean isBatch() {
    return batch || elements() > 1;
  }

  /** How many elements the hypercall is told of, if that is not {@link #elements}. */
  public OptionalLong passed() {
    return passed;
  }

  /** Where the hypercall is told that they lie, if that is not where they are. */
  public OptionalLong pointer() {
    return pointer;
  }

  public long get(int element, int field) {
    return numbers[element * width + field];
  }

  /** The step that gave this input back; -1 if none did. */
  int sourceStep(int element, int field) {
    long source = sources[element * width + field];
    return source < 0 ? (int) NUMBER : (int) (source >>> 32);
  }

  int sourceColumn(int element, int field) {
    return (int) sources[element * width + field];
  }
}
