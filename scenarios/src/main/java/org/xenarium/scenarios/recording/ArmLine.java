package org.xenarium.scenarios.recording;

import java.util.Arrays;

/**
 * One operation of a recording in the arm64 format (docs/reference/recordings.md). {@link ArmReader#next} fills the same object again and
 * again; copy what must outlive the next line.
 *
 * <p>Numbers of 64 bits are unsigned and kept as the same 64 bits, {@link #rc} and {@link #status} are signed. Inputs and outputs stand in
 * the order of {@link ArmOperation#in} and {@link ArmOperation#out}. A line that {@link #hang hangs} or {@link #crash crashes} has no
 * results, and may have no inputs.
 */
public final class ArmLine {
  /** No recorded output: eight bytes 0x5a. Smaller fields hold as many of them as they have bytes. */
  public static final long POISON = 0x5a5a5a5a5a5a5a5aL;

  int lineNumber;
  int dom;
  long seq;
  ArmOperation operation = ArmOperation.HYP;
  final long[] in = new long[8];
  int inCount;
  long rc;
  int status;
  final long[] out = new long[8];
  long outSeen;
  long batch;
  long count;
  boolean hasCount;
  long ptr;
  boolean hasPtr;
  boolean retried;
  boolean hang;
  boolean crash;

  void clear(int number) {
    lineNumber = number;
    dom = 0;
    seq = 0;
    Arrays.fill(in, 0);
    inCount = 0;
    rc = 0;
    status = 0;
    Arrays.fill(out, 0);
    outSeen = 0;
    batch = -1;
    count = 0;
    hasCount = false;
    ptr = 0;
    hasPtr = false;
    retried = false;
    hang = false;
    crash = false;
  }

  /** In the file, from 1; the header is line 1. */
  public int lineNumber() {
    return lineNumber;
  }

  /** The acting domain; one of the header. */
  public int dom() {
    return dom;
  }

  /** The domain's own running number, from 1. */
  public long seq() {
    return seq;
  }

  public ArmOperation operation() {
    return operation;
  }

  /** How many inputs the line gives: all of the operation, fewer for {@link ArmOperation#HYP}, none if a hang came without them. */
  public int inCount() {
    return inCount;
  }

  /** An input; 0 if the line does not give it. Only the low {@link ArmField#size} bytes count. */
  public long in(int field) {
    return in[field];
  }

  /** Whether the operation came back; if not, {@link #rc}, {@link #status} and {@link #out} mean nothing. */
  public boolean hasResults() {
    return !hang && !crash;
  }

  /** The hypercall's return value; -1 for an aborted access, else 0. */
  public long rc() {
    return rc;
  }

  /** The element's status, if {@link ArmOperation#hasStatus}; 0x5a5a = not written. */
  public int status() {
    return status;
  }

  /** Whether the line gives that output: always, except the value of an aborted load. */
  public boolean hasOut(int field) {
    return field < operation.outRanges.length && (outSeen >> field & 1) != 0;
  }

  /** An output; its field size worth of {@link #POISON} = not written; 0 if the line does not give it. */
  public long out(int field) {
    return out[field];
  }

  /** Whether the access was aborted. Of what it shows else only {@link #esr} and {@link #far} mean something. */
  public boolean aborted() {
    return marks() == 3;
  }

  /** The syndrome (ESR_EL1) of an abort, else 0. */
  public long esr() {
    return aborted() ? out[operation.outRanges.length] : 0;
  }

  /** The address (FAR_EL1) of an abort, else 0. */
  public long far() {
    return aborted() ? out[operation.outRanges.length + 1] : 0;
  }

  /** The fields of {@code out} that are no outputs: bit 0 the first of {@link ArmOperation#outNames} behind the outputs, and so on. */
  long marks() {
    return outSeen >> operation.outRanges.length;
  }

  /** Number of the batch, unsigned: consecutive lines of one domain with the same number were one hypercall; -1 if the call was alone. */
  public long batch() {
    return batch;
  }

  public boolean hasCount() {
    return hasCount;
  }

  /** The count the hypercall got instead of 1; its low 32 bits count. */
  public long count() {
    return count;
  }

  public boolean hasPtr() {
    return hasPtr;
  }

  /** The pointer the hypercall got instead of a good buffer; the argument was not written there. */
  public long ptr() {
    return ptr;
  }

  /** The guest repeated the call until it succeeded. */
  public boolean retried() {
    return retried;
  }

  /** The vCPU never came back; no line of this domain follows. */
  public boolean hang() {
    return hang;
  }

  /** The domain crashed in the operation; no line of this domain follows. */
  public boolean crash() {
    return crash;
  }
}
