package org.xenarium.scenarios.replay;

import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.trace.Errno;
import org.xenarium.gnttab.abi.GetVersionLayout;
import org.xenarium.gnttab.abi.MapLayout;
import org.xenarium.gnttab.abi.QuerySizeLayout;
import org.xenarium.gnttab.abi.SetVersionLayout;
import org.xenarium.scenarios.recording.CoreField;
import org.xenarium.scenarios.recording.CoreLine;
import org.xenarium.scenarios.recording.CoreOperation;
import org.xenarium.scenarios.recording.CoreOut;

/** Compares what was recorded in the xen-core format of a line's visible answers with what the machine answered. */
final class CoreComparison {
  /** What an array of sentinel bytes reads as. */
  private static final long UNTOUCHED = 0x5a5a_5a5a_5a5a_5a5aL;

  private final Machine machine;
  private final CoreFrames frames;

  CoreComparison(Machine machine, CoreFrames frames) {
    this.machine = machine;
    this.frames = frames;
  }

  /** The first difference, or null. */
  @Nullable Difference compare(CoreLine line, CoreAnswer answer, DecisionLog log) {
    if (line.has(CoreField.RC) && line.get(CoreField.RC) != answer.rc) {
      return difference(line, 0, "rc", Errno.name(line.get(CoreField.RC)), Errno.name(answer.rc), log);
    }
    CoreStruct struct = CoreStruct.of(line.operation());
    if (struct != null) {
      return compareStructs(line, answer, struct, log);
    }
    return switch (line.operation()) {
      case GW, GPW, GPR -> compareAccess(line, answer, log);
      case ACQRES -> compareFrames(line, answer, log);
      case DESTROY -> compareBit(line, CoreField.ZOMBIE, answer.zombie, log);
      default -> null;
    };
  }

  private @Nullable Difference compareStructs(CoreLine line, CoreAnswer answer, CoreStruct struct, DecisionLog log) {
    for (int element = 0; element < line.outCount(); element++) {
      for (CoreOut what : CoreOut.values()) {
        boolean shown = what == CoreOut.FRAMES || isAnswer(line.operation(), what);
        if (shown) {
          Difference difference =
              what == CoreOut.FRAMES ? compareList(line, answer, log) : compareOut(line, answer, struct, element, what, log);
          if (difference != null) {
            return difference;
          }
        }
      }
    }
    return null;
  }

  /** Does the operation give that answer at all? */
  private static boolean isAnswer(CoreOperation operation, CoreOut what) {
    return switch (what) {
      case STATUS -> operation != CoreOperation.SETVER && operation != CoreOperation.GETVER && operation != CoreOperation.CFLUSH;
      case HANDLE, DEV -> operation == CoreOperation.MAP;
      case NR, MAX -> operation == CoreOperation.QUERY;
      case VERSION -> operation == CoreOperation.SETVER || operation == CoreOperation.GETVER;
      case FRAMES -> false;
    };
  }

  private @Nullable Difference compareOut(
      CoreLine line, CoreAnswer answer, CoreStruct struct, int element, CoreOut what, DecisionLog log) {
    int at = element * struct.size();
    long actual = actual(line.operation(), answer.structs, at, struct, what);
    boolean untouched = actual == untouched(what);
    boolean same;
    if (!line.hasOut(element, what) || untouched) {
      same = line.hasOut(element, what) != untouched;
    } else {
      long recorded = line.out(element, what);
      same = what == CoreOut.DEV ? agreeOnAddress(actual, recorded) : actual == recorded;
    }
    if (same) {
      return null;
    }
    String expected = line.hasOut(element, what) ? Long.toString(line.out(element, what)) : "not written";
    String field = "out[" + element + "]." + what.recordedName();
    return difference(line, element, field, expected, untouched ? "not written" : Long.toString(actual), log);
  }

  private boolean agreeOnAddress(long ours, long recorded) {
    long offset = MachineMemory.PAGE_SIZE - 1;
    return (ours & offset) == (recorded & offset) && frames.agree(ours >>> MachineMemory.PAGE_SHIFT, recorded >>> MachineMemory.PAGE_SHIFT);
  }

  private static long actual(CoreOperation operation, byte[] structs, int at, CoreStruct struct, CoreOut what) {
    return switch (what) {
      case STATUS -> (short) Bytes.getShort(structs, at + struct.status());
      case HANDLE -> Bytes.getInt(structs, at + MapLayout.HANDLE) & 0xffff_ffffL;
      case DEV -> Bytes.getLong(structs, at + MapLayout.DEV_BUS_ADDR);
      case NR -> Bytes.getInt(structs, at + QuerySizeLayout.NR_FRAMES) & 0xffff_ffffL;
      case MAX -> Bytes.getInt(structs, at + QuerySizeLayout.MAX_NR_FRAMES) & 0xffff_ffffL;
      case VERSION -> {
        int offset = operation == CoreOperation.SETVER ? SetVersionLayout.VERSION : GetVersionLayout.VERSION;
        yield Bytes.getInt(structs, at + offset) & 0xffff_ffffL;
      }
      case FRAMES -> 0;
    };
  }

  private static long untouched(CoreOut what) {
    return switch (what) {
      case STATUS -> UNTOUCHED & 0xffff;
      case HANDLE, NR, MAX, VERSION -> UNTOUCHED & 0xffff_ffffL;
      case DEV -> UNTOUCHED;
      case FRAMES -> 0;
    };
  }

  /** The start of the list that was written. */
  private @Nullable Difference compareList(CoreLine line, CoreAnswer answer, DecisionLog log) {
    if (answer.list.length == 0) {
      return null;
    }
    int written = 0;
    while (written < answer.list.length / Long.BYTES && Bytes.getLong(answer.list, written * Long.BYTES) != UNTOUCHED) {
      written++;
    }
    long[] actual = new long[written];
    for (int i = 0; i < written; i++) {
      actual[i] = Bytes.getLong(answer.list, i * Long.BYTES);
    }
    long[] recorded = new long[line.frames().rows()];
    for (int i = 0; i < recorded.length; i++) {
      recorded[i] = line.frames().get(i);
    }
    return Arrays.equals(actual, recorded)
        ? null
        : difference(line, 0, "out[0].frames", Arrays.toString(recorded), Arrays.toString(actual), log);
  }

  private @Nullable Difference compareAccess(CoreLine line, CoreAnswer answer, DecisionLog log) {
    Difference difference = compareBit(line, CoreField.OK, answer.ok, log);
    if (difference != null) {
      return difference;
    }
    if (line.operation() == CoreOperation.GW && line.get(CoreField.GPA) != answer.gpa) {
      return difference(line, 0, "gpa", Long.toString(line.get(CoreField.GPA)), Long.toString(answer.gpa), log);
    }
    boolean differs = line.operation() == CoreOperation.GPR && !Arrays.equals(line.bytes(), answer.data);
    return differs ? difference(line, 0, "data", hex(line.bytes()), hex(answer.data), log) : null;
  }

  private @Nullable Difference compareBit(CoreLine line, CoreField field, boolean actual, DecisionLog log) {
    long bit = actual ? 1 : 0;
    return line.get(field) == bit
        ? null
        : difference(line, 0, field.recordedName(), Long.toString(line.get(field)), Long.toString(bit), log);
  }

  private @Nullable Difference compareFrames(CoreLine line, CoreAnswer answer, DecisionLog log) {
    boolean same = line.mfns().rows() == answer.frames.length;
    for (int i = 0; same && i < answer.frames.length; i++) {
      same = frames.agree(answer.frames[i], line.mfns().get(i));
    }
    return same ? null : difference(line, 0, "mfns", line.mfns().rows() + " frames", Arrays.toString(answer.frames), log);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  Difference difference(CoreLine line, int element, String field, String expected, String actual, DecisionLog log) {
    CoreText text = new CoreText(line);
    return new Difference(line.lineNumber(), text.toString(), field, expected, actual, log.of(element), text.state(machine, element));
  }
}
