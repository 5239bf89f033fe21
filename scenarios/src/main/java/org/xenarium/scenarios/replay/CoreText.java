package org.xenarium.scenarios.replay;

import java.util.ArrayList;
import java.util.List;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.scenarios.recording.CoreField;
import org.xenarium.scenarios.recording.CoreLine;

/** A line of the xen-core format for people: the operation, and the state that it is about. */
final class CoreText {
  private static final List<CoreField> HEAD =
      List.of(
          CoreField.TARGET, CoreField.NR, CoreField.COUNT, CoreField.VER, CoreField.CMD, CoreField.IDX, CoreField.GFN, CoreField.ID,
          CoreField.FRAME, CoreField.REF, CoreField.OFF, CoreField.GPA, CoreField.LEN, CoreField.FR, CoreField.FW, CoreField.FL);

  private final CoreLine line;

  CoreText(CoreLine line) {
    this.line = line;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("i=" + line.i() + " d" + line.dom());
    if (line.vcpu() > 0) {
      text.append('v').append(line.vcpu());
    }
    text.append(' ').append(line.operation().recordedName());
    for (CoreField field : HEAD) {
      if (line.has(field)) {
        text.append(' ').append(field.recordedName()).append('=').append(line.get(field));
      }
    }
    for (int row = 0; row < line.in().rows(); row++) {
      text.append(row == 0 ? " {" : ", {").append(element(row)).append('}');
    }
    return text.toString();
  }

  private String element(int row) {
    List<String> fields = line.operation().elementFields();
    StringBuilder text = new StringBuilder();
    for (int column = 0; column < fields.size(); column++) {
      long value = line.in().get(row, column);
      text.append(column == 0 ? "" : " ").append(fields.get(column)).append('=');
      text.append(value >= 0 && value < 4096 ? Long.toString(value) : "0x" + Long.toHexString(value));
    }
    return text.toString();
  }

  /** Entries, handles, addresses and frames that an element, or the line itself, names. */
  List<String> state(Machine machine, int row) {
    Domain caller = machine.world().domain(line.dom());
    List<String> state = new ArrayList<>();
    if (caller == null) {
      state.add("domain " + line.dom() + ": not in the domain list");
      return state;
    }
    List<String> fields = line.operation().elementFields();
    for (int column = 0; row < line.in().rows() && column < fields.size(); column++) {
      long value = line.in().get(row, column);
      switch (fields.get(column)) {
        case "ref" -> state.add(StateText.entry(machine, caller, (int) line.in().get(row, fields.size() - 1), (int) value));
        case "handle" -> state.add(StateText.handle(caller, (int) value));
        case "addr" -> state.add(StateText.address(caller, value));
        case "a", "b" -> state.add(StateText.entry(machine, caller, caller.id(), (int) value));
        case "s" -> state.add(operand(machine, caller, row, column, 1));
        case "d" -> state.add(operand(machine, caller, row, column, 2));
        default -> {}
      }
    }
    if (line.has(CoreField.REF)) {
      state.add(StateText.entry(machine, caller, caller.id(), (int) line.get(CoreField.REF)));
    }
    if (line.has(CoreField.GFN)) {
      state.add(StateText.frame(caller, line.get(CoreField.GFN)));
    }
    if (line.has(CoreField.GPA)) {
      state.add(StateText.address(caller, line.get(CoreField.GPA)));
    }
    if (line.has(CoreField.TARGET)) {
      int index = line.has(CoreField.IDX) ? (int) line.get(CoreField.IDX) : 0;
      state.add(StateText.tableFrame(machine.world().domainOrSelf((int) line.get(CoreField.TARGET), caller), index));
    }
    return state;
  }

  private String operand(Machine machine, Domain caller, int row, int column, int byRef) {
    long value = line.in().get(row, column);
    boolean isRef = (line.in().get(row, line.operation().elementFields().size() - 1) & byRef) != 0;
    return isRef ? StateText.entry(machine, caller, (int) line.in().get(row, column + 1), (int) value) : StateText.frame(caller, value);
  }
}
