package org.xenarium.scenarios.replay;

import java.util.ArrayList;
import java.util.List;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.gnttab.abi.CopyFlags;
import org.xenarium.scenarios.recording.ArmField;
import org.xenarium.scenarios.recording.ArmLine;
import org.xenarium.scenarios.recording.ArmOperation;

/** A line of the arm64 format for people: the operation, and the state that it is about. */
final class ArmText {
  /** Inputs up to this are written as decimal numbers. */
  private static final long SMALL = 4096;

  private final ArmLine line;

  ArmText(ArmLine line) {
    this.line = line;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("d" + line.dom() + " " + line.operation().recordedName());
    for (int i = 0; i < line.inCount(); i++) {
      text.append(' ').append(line.operation().in().get(i).name()).append('=').append(number(line.in(i)));
    }
    if (line.hasCount()) {
      text.append(" count=").append(number(line.count()));
    }
    if (line.hasPtr()) {
      text.append(" ptr=").append(number(line.ptr()));
    }
    return text.toString();
  }

  private static String number(long value) {
    return value >= 0 && value < SMALL ? Long.toString(value) : "0x" + Long.toHexString(value);
  }

  /** Entries, handles, addresses and frames that the inputs name. */
  List<String> state(Machine machine) {
    Domain caller = machine.domain(line.dom());
    List<String> state = new ArrayList<>();
    for (int i = 0; i < line.inCount(); i++) {
      ArmField field = line.operation().in().get(i);
      switch (field.name()) {
        case "ref" -> state.add(StateText.entry(machine, caller, line.operation() == ArmOperation.GTE ? caller.id() : domain(caller), (int) line.in(i)));
        case "a", "b" -> {
          if (line.operation() == ArmOperation.SWAP_GRANT_REF) {
            state.add(StateText.entry(machine, caller, caller.id(), (int) line.in(i)));
          }
        }
        case "handle" -> state.add(StateText.handle(caller, (int) line.in(i)));
        case "addr" -> state.add(StateText.address(caller, line.in(i)));
        case "gfn" -> state.add(StateText.frame(caller, line.in(i)));
        case "idx", "nr" -> state.add(StateText.tableFrame(machine.world().domainOrSelf(domain(caller), caller), (int) line.in(i)));
        case "src" -> state.add(operand(machine, caller, i, CopyFlags.SOURCE_GREF));
        case "dst" -> state.add(operand(machine, caller, i, CopyFlags.DEST_GREF));
        default -> {}
      }
    }
    return state;
  }

  private String operand(Machine machine, Domain caller, int field, int byRef) {
    boolean isRef = (line.in(7) & byRef) != 0;
    return isRef ? StateText.entry(machine, caller, (int) line.in(field + 1), (int) line.in(field)) : StateText.frame(caller, line.in(field));
  }

  /** The domain that the line names, or the caller. */
  private int domain(Domain caller) {
    List<ArmField> fields = line.operation().in();
    for (int i = 0; i < line.inCount(); i++) {
      if (fields.get(i).name().equals("dom")) {
        return (int) line.in(i);
      }
    }
    return caller.id();
  }
}
