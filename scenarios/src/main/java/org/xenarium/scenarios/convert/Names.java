package org.xenarium.scenarios.convert;

import java.util.ArrayList;
import java.util.List;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.scenarios.recording.ArmHeader;
import org.xenarium.scenarios.script.Area;
import org.xenarium.scenarios.script.FieldType;
import org.xenarium.scenarios.script.Value;

/** Recorded numbers in the words of a scenario. */
final class Names {
  private static final long SMALL = 4096;

  private final ArmHeader header;
  private final long ram;

  Names(ArmHeader header) {
    this.header = header;
    ram = header.ramKib() / 4 - (Area.RAM.first() - Area.RAM_START);
  }

  /** Domains are called A, B, and so on. */
  String domain(int id) {
    return String.valueOf((char) ('A' + header.domains().indexOf(id)));
  }

  /** A number without meaning. */
  Value number(long value) {
    return value >= 0 && value < SMALL ? Value.Number.of(value) : Value.Number.hex(value);
  }

  /** A number of that type, by its name if it has one. */
  Value value(FieldType type, long value) {
    if (type == FieldType.DOMAIN && header.domains().contains((int) value)) {
      return new Value.DomainId(domain((int) value));
    }
    if (type == FieldType.GFN) {
      return page(value, 0, false);
    }
    if (type == FieldType.ADDRESS || type == FieldType.FRAME_LIST) {
      return page(value >>> MachineMemory.PAGE_SHIFT, value & (MachineMemory.PAGE_SIZE - 1), true);
    }
    String name = type.name(value);
    if (name.contains(" + ")) {
      List<Value> flags = new ArrayList<>();
      for (String flag : name.split(" \\+ ")) {
        flags.add(new Value.Number(type.symbol(flag).orElse(0), flag));
      }
      boolean all = flags.stream().allMatch(flag -> type.symbol(flag.toString()).isPresent());
      return all ? new Value.Sum(flags) : number(value);
    }
    return type.symbol(name).isPresent() ? new Value.Number(value, name) : value < 0 && value > -SMALL ? Value.Number.of(value) : number(value);
  }

  private Value page(long gfn, long offset, boolean address) {
    for (Area area : Area.values()) {
      long index = gfn - area.first();
      if (index >= 0 && index < area.pages(ram)) {
        Value page = new Value.Page("", "", area, index, address);
        return offset == 0 ? page : new Value.Sum(List.of(page, number(offset)));
      }
    }
    return number(address ? gfn << MachineMemory.PAGE_SHIFT | offset : gfn);
  }
}
