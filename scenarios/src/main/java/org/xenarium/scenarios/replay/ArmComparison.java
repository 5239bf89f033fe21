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
  @Nullable Difference compare(ArmLine line, ArmAnswer answer, @Nullable ArmAnswer twin, DecisionLog log) {
    if (line.crash()) {
      return difference(line, "crash", "Xen crashes the domain", "rc " + answer.rc, log);
    }
    if (line.hang() != answer.stuck) {
      return line.hang()
          ? difference(line, "hang", "the vCPU never comes back", "rc " + answer.rc, log)
          : difference(line, "rc", Long.toString(line.rc()), "the vCPU never comes back", log);
    }
    if (line.hang()) {
      return null;
    }
    if (line.rc() != answer.rc) {
      return difference(line, "rc", Errno.name(line.rc()), Errno.name(answer.rc), log);
    }
    if (line.operation().hasStatus() && line.status() != answer.status) {
      return difference(line, "status", status(line.status()), status(answer.status), log);
    }
    return answer.aborted ? compareAbort(line, answer, log) : compareOutputs(line, answer, twin, log);
  }

  private @Nullable Difference compareAbort(ArmLine line, ArmAnswer answer, DecisionLog log) {
    if (line.esr() != DATA_ABORT) {
      return difference(line, "esr", number(line.esr()), number(DATA_ABORT), log);
    }
    return line.far() == answer.far ? null : difference(line, "far", number(line.far()), number(answer.far), log);
  }

  private @Nullable Difference compareOutputs(ArmLine line, ArmAnswer answer, @Nullable ArmAnswer twin, DecisionLog log) {
    List<ArmField> fields = line.operation().out();
    for (int i = 0; i < fields.size(); i++) {
      long undetermined = twin == null ? 0 : answer.out[i] ^ twin.out[i];
      if (line.hasOut(i) && !agree(line, i, answer.out[i], undetermined)) {
        return difference(line, fields.get(i).name(), number(line.out(i)), number(answer.out[i]), log);
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
    return recorded == ours;
  }

  private boolean agreeOnRead(ArmLine line, long ours, long undetermined) {
    Domain domain = machine.domain(line.dom());
    long address = line.in(0);
    if (ArmGuest.isUart(domain.vcpu(0), address) || unknowns.isShared(domain, address)) {
      learnedValues++;
      return true;
    }
    if (((line.out(0) ^ ours) & ~undetermined) != 0) {
      return false;
    }
    if (undetermined != 0) {
      learnedValues++;
      unknowns.learn(domain, address, line.operation().accessSize(), line.out(0), undetermined);
    }
    return true;
  }

  private Difference difference(ArmLine line, String field, String expected, String actual, DecisionLog log) {
    ArmText text = new ArmText(line);
    return new Difference(line.lineNumber(), text.toString(), field, expected, actual, log.all(), text.state(machine));
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
