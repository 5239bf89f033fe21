package org.xenarium.scenarios.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.xenarium.emulator.memory.MachineMemory;

/** Numbers in the words of a scenario. */
public final class Naming {
  private static final long SMALL = 4096;

  private final Map<Integer, String> domains;
  private final long ram;

  /**
   * The words of a scenario.
   *
   * @param domains their names by domid
   * @param ram pages of each domain in {@link Area#RAM}
   */
  public Naming(Map<Integer, String> domains, long ram) {
    this.domains = Map.copyOf(domains);
    this.ram = ram;
  }

  /** A number without meaning. */
  public Value number(long value) {
    return value >= 0 && value < SMALL ? Value.Number.of(value) : Value.Number.hex(value);
  }

  /** A number of that type, by its name if it has one. */
  public Value value(FieldType type, long value) {
    String domain = type == FieldType.DOMAIN ? domains.get((int) value) : null;
    if (domain != null) {
      return new Value.DomainId(domain);
    }
    if (type == FieldType.GFN || type == FieldType.GFN_OR_REF) {
      return page(value, 0, false);
    }
    if (type == FieldType.ADDRESS || type == FieldType.FRAME_LIST) {
      return page(value >>> MachineMemory.PAGE_SHIFT, value & (MachineMemory.PAGE_SIZE - 1), true);
    }
    if (type == FieldType.TIME) {
      return new Value.Number(value, Numbers.time(value));
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
