package org.xenarium.scenarios.recording;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.scenarios.recording.ArmOperation.Kind;

/** What an {@link ArmOperation} looks like, written as one row of its table. */
final class ArmShape {
  final String name;
  final Kind kind;
  final int hypercall;
  final int command;
  final int structSize;
  final int accessSize;
  final List<ArmField> in;
  final List<ArmField> out;
  int optionalInputs;
  boolean hasStatus;
  int statusOffset = -1;

  private final List<ArmField> inputs = new ArrayList<>();
  private final List<ArmField> outputs = new ArrayList<>();

  private ArmShape(String name, Kind kind, int hypercall, int command, int structSize, int accessSize) {
    this.name = name;
    this.kind = kind;
    this.hypercall = hypercall;
    this.command = command;
    this.structSize = structSize;
    this.accessSize = accessSize;
    in = Collections.unmodifiableList(inputs);
    out = Collections.unmodifiableList(outputs);
  }

  static ArmShape struct(String name, int hypercall, int command, int size) {
    return new ArmShape(name, Kind.STRUCT, hypercall, command, size, 0);
  }

  static ArmShape script(String name, Kind kind, int accessSize) {
    return new ArmShape(name, kind, -1, -1, 0, accessSize);
  }

  /** {@code list} is the address of an array of gfns. */
  static ArmShape reservation(String name, int command) {
    return struct(name, MemoryAbi.HYPERCALL, command, MemoryAbi.RESERVATION_SIZE)
        .in("dom", MemoryAbi.RESERVATION_DOMID, 2).in("list", MemoryAbi.RESERVATION_EXTENT_START, 8)
        .in("nr", MemoryAbi.RESERVATION_NR_EXTENTS, 8).in("order", MemoryAbi.RESERVATION_EXTENT_ORDER, 4)
        .in("flags", MemoryAbi.RESERVATION_MEM_FLAGS, 4);
  }

  /** Xen reads two bytes only; the recording guest passes eight. */
  static ArmShape memoryQuery(String name, int command) {
    return struct(name, MemoryAbi.HYPERCALL, command, 8).in("dom", MemoryAbi.QUERY_DOMID, 2);
  }

  static ArmShape read(String name, int size) {
    return script(name, Kind.READ, size).in("addr", 8).out("val", size);
  }

  static ArmShape write(String name, int size) {
    return script(name, Kind.WRITE, size).in("addr", 8).in("val", size);
  }

  ArmShape in(String field, int offset, int size) {
    inputs.add(new ArmField(field, offset, size));
    return this;
  }

  ArmShape in(String field, int size) {
    return in(field, -1, size);
  }

  ArmShape out(String field, int offset, int size) {
    outputs.add(new ArmField(field, offset, size));
    return this;
  }

  ArmShape out(String field, int size) {
    return out(field, -1, size);
  }

  ArmShape optionalInputs(int last) {
    optionalInputs = last;
    return this;
  }

  ArmShape status(int offset) {
    statusOffset = offset;
    return withStatus();
  }

  ArmShape withStatus() {
    hasStatus = true;
    return this;
  }

  /**
   * Where no struct is passed the recording shows the number as the guest's script gave it, and only the low bytes of it were used: {@code
   * w32} of 2<sup>64</sup>-1 stores 2<sup>32</sup>-1.
   */
  boolean truncates() {
    return kind != Kind.STRUCT;
  }
}
