package org.xenarium.scenarios.replay;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.trace.Errno;
import org.xenarium.scenarios.recording.ArmField;
import org.xenarium.scenarios.recording.ArmLine;
import org.xenarium.scenarios.recording.ArmOperation;

/** Compares what was recorded in the arm64 format with what the machine answered, and learns the little that cannot be known beforehand. */
final class ArmComparison {
  /** What a field of at most 8 bytes holds that nobody wrote. */
  private static final long POISON = ArmLine.POISON;

  /** Syndrome of the abort that a load or store of the guest gets: a data abort without a change of level. */
  private static final long DATA_ABORT = 0x96000000L;

  /** Where flags, domid and frame lie in a grant entry. */
  private static final int[] ENTRY_OFFSETS = {0, 2, 4};

  private final Machine machine;
  private final ArmUnknowns unknowns;
  private final ArmFrames frames;
  private long learnedValues;

  ArmComparison(Machine machine, ArmUnknowns unknowns, ArmFrames frames) {
    this.machine = machine;
    this.unknowns = unknowns;
    this.frames = frames;
  }

  /** How many values were taken from the recording instead of being compared. */
  long learned() {
    return learnedValues + unknowns.frames().count();
  }

  /** The first difference, or null. */
  @Nullable Mismatch compare(ArmLine line, ArmAnswer answer, @Nullable ArmAnswer twin) {
    if (line.crash()) {
      return new Mismatch("crash", "Xen crashes the domain", "rc " + answer.rc);
    }
    if (line.hang() != answer.stuck) {
      return line.hang()
          ? new Mismatch("hang", "the vCPU never comes back", "rc " + answer.rc)
          : new Mismatch("rc", Long.toString(line.rc()), "the vCPU never comes back");
    }
    if (line.hang()) {
      return null;
    }
    if (line.rc() != answer.rc) {
      return new Mismatch("rc", Errno.name(line.rc()), Errno.name(answer.rc));
    }
    if (line.operation().hasStatus() && line.status() != answer.status) {
      return new Mismatch("status", status(line.status()), status(answer.status));
    }
    return answer.aborted ? compareAbort(line, answer) : compareOutputs(line, answer, twin);
  }

  private @Nullable Mismatch compareAbort(ArmLine line, ArmAnswer answer) {
    if (line.esr() != DATA_ABORT) {
      return new Mismatch("esr", number(line.esr()), number(DATA_ABORT));
    }
    return line.far() == answer.far ? null : new Mismatch("far", number(line.far()), number(answer.far));
  }

  private @Nullable Mismatch compareOutputs(ArmLine line, ArmAnswer answer, @Nullable ArmAnswer twin) {
    List<ArmField> fields = line.operation().out();
    for (int i = 0; i < fields.size(); i++) {
      long undetermined = twin == null ? 0 : answer.out[i] ^ twin.out[i];
      if (line.hasOut(i) && !agree(line, i, answer.out[i], undetermined)) {
        return new Mismatch(fields.get(i).name(), number(line.out(i)), number(answer.out[i]));
      }
    }
    return null;
  }

  private boolean agree(ArmLine line, int field, long ours, long undetermined) {
    long recorded = line.out(field);
    if (line.operation() == ArmOperation.MAP && line.operation().out().get(field).name().equals("dev")) {
      return ours == POISON || recorded == POISON ? ours == recorded : frames.agree(ours, recorded);
    }
    if (line.operation().kind() == ArmOperation.Kind.READ) {
      return agreeOnRead(line, ours, undetermined);
    }
    if (line.operation() == ArmOperation.GTR && undetermined != 0) {
      ArmField read = line.operation().out().get(field);
      return agreeOnBytes(line, ArmGuest.entryAddress(line.in(0)) + ENTRY_OFFSETS[field], read.size(), recorded, ours, undetermined);
    }
    return recorded == ours;
  }

  private boolean agreeOnRead(ArmLine line, long ours, long undetermined) {
    Domain domain = machine.domain(line.dom());
    long address = line.in(0);
    if (ArmGuest.isUart(domain.vcpu(0), address) || unknowns.isShared(domain, address)) {
      learnedValues++;
      return true;
    }
    return agreeOnBytes(line, address, line.operation().accessSize(), line.out(0), ours, undetermined);
  }

  /** Compares the determined bytes and learns the others. */
  private boolean agreeOnBytes(ArmLine line, long address, int size, long recorded, long ours, long undetermined) {
    if (((recorded ^ ours) & ~undetermined) != 0) {
      return false;
    }
    if (undetermined != 0) {
      learnedValues++;
      unknowns.learn(machine.domain(line.dom()), address, size, recorded, undetermined);
    }
    return true;
  }

  private static String status(int status) {
    return status == (short) POISON ? "not written" : Integer.toString(status);
  }

  private static String number(long value) {
    return value == POISON || value == (POISON & 0xffff_ffffL) || value == (POISON & 0xffff)
        ? "not written (0x" + Long.toHexString(value) + ")"
        : Long.toUnsignedString(value) + " (0x" + Long.toHexString(value) + ")";
  }
}
