package org.xenarium.scenarios.recording;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * One operation of a recording in the xen-core format (docs/reference/recordings.md). {@link CoreReader#next} fills the same object, and
 * the same tables, again and again; copy what must outlive the next line.
 *
 * <p>Frame numbers and addresses of 64 bits are kept as the same 64 bits; -1 is all ones.
 */
public final class CoreLine {
  private static final int OUTS = CoreOut.values().length;
  private static final byte[] NO_BYTES = {};

  private int lineNumber;
  private CoreOperation operation = CoreOperation.RAW;
  private final long[] numbers = new long[CoreField.values().length];
  long seen;
  final LongTable in = new LongTable();
  final LongTable out = new LongTable();
  /** For each element of {@code out} the mask of what it shows. */
  final LongTable outSeen = new LongTable();
  final LongTable frames = new LongTable();
  final LongTable mfns = new LongTable();
  final LongTable rand = new LongTable();
  byte[] bytes = NO_BYTES;
  private final List<CoreDomainState> states = new ArrayList<>();
  private int stateCount;

  void clear(int number) {
    lineNumber = number;
    seen = 0;
    in.clear(1);
    out.clear(OUTS);
    outSeen.clear(1);
    frames.clear(1);
    mfns.clear(1);
    rand.clear(1);
    bytes = NO_BYTES;
    stateCount = 0;
  }

  /** In the file, from 1; the header is line 1. */
  public int lineNumber() {
    return lineNumber;
  }

  /** Index of the operation, from 0. */
  public long i() {
    return numbers[CoreField.I.index()];
  }

  public CoreOperation operation() {
    return operation;
  }

  void operation(CoreOperation read) {
    operation = read;
  }

  /** The calling domain; one of the header. */
  public int dom() {
    return (int) numbers[CoreField.DOM.index()];
  }

  /** The calling vCPU; one that the domain has. */
  public int vcpu() {
    return has(CoreField.VCPU) ? (int) numbers[CoreField.VCPU.index()] : 0;
  }

  /** The caller is dead; ignore the line, nothing else of it need be there. */
  public boolean skip() {
    return has(CoreField.SKIP);
  }

  public boolean has(CoreField field) {
    return (seen & field.bit()) != 0;
  }

  /** The number in that field; throws {@link NoSuchElementException} if it is not given or no number. */
  public long get(CoreField field) {
    if (!has(field) || !field.isNumber()) {
      throw new NoSuchElementException(field.recordedName());
    }
    return numbers[field.index()];
  }

  void set(CoreField field, long value) {
    numbers[field.index()] = value;
  }

  /** The request elements, one a row, their fields in the order of {@link CoreOperation#elementFields}. */
  public LongTable in() {
    return in;
  }

  /** How many elements {@code out} has: as many as {@code in}, or one, or none at all. */
  public int outCount() {
    return out.rows();
  }

  /** Whether that element of {@code out} shows it; if not, the guest's memory was left untouched. */
  public boolean hasOut(int element, CoreOut what) {
    return (outSeen.get(element) >> what.index() & 1) != 0;
  }

  /** What that element of {@code out} shows; throws {@link NoSuchElementException} if it does not, or for {@link CoreOut#FRAMES}. */
  public long out(int element, CoreOut what) {
    if (!hasOut(element, what) || what == CoreOut.FRAMES) {
      throw new NoSuchElementException(what.recordedName());
    }
    return out.get(element, what.index());
  }

  /** The start of the frame list that was written; -1 = the frame is nowhere in the physmap. */
  public LongTable frames() {
    return frames;
  }

  /** The frames that {@link CoreOperation#ACQRES} gave; opaque. */
  public LongTable mfns() {
    return mfns;
  }

  /** What get_random() gave during the call, in order; whose handle is stolen first = value % vcpus. */
  public LongTable rand() {
    return rand;
  }

  /** What was written ({@code hex}) or read ({@code data}); empty if neither is given. A new array for each line. */
  public byte[] bytes() {
    return bytes;
  }

  /** How many domains' states changed. */
  public int stateCount() {
    return stateCount;
  }

  /** A domain whose state changed. */
  public CoreDomainState state(int index) {
    if (index >= stateCount) {
      throw new IndexOutOfBoundsException("state " + index + " of " + stateCount);
    }
    return states.get(index);
  }

  CoreDomainState addState() {
    if (stateCount == states.size()) {
      states.add(new CoreDomainState());
    }
    return states.get(stateCount++);
  }
}
