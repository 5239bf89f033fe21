package org.xenarium.scenarios.script;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.scenarios.recording.ArmField;
import org.xenarium.scenarios.recording.ArmOperation;

/** What an {@link Operation} looks like, written as one row of its table. */
final class Shape {
  final Kind kind;
  final String summary;
  final @Nullable ArmOperation recorded;
  final @Nullable Struct struct;
  final List<Field> in = new ArrayList<>();
  final List<Field> out = new ArrayList<>();
  boolean status;
  FieldType returns = FieldType.RETURN;

  /** The fields that the last call added to, for {@link #at}. */
  private List<Field> last = in;

  private Shape(Kind kind, String summary, @Nullable ArmOperation recorded, @Nullable Struct struct) {
    this.kind = kind;
    this.summary = summary;
    this.recorded = recorded;
    this.struct = struct;
    status = recorded != null && recorded.hasStatus();
  }

  /** An operation of the recordings: sizes, offsets and outputs are theirs; what follows are its inputs, in their order. */
  static Shape known(ArmOperation operation, String summary) {
    Kind kind =
        switch (operation.kind()) {
          case STRUCT -> Kind.STRUCT;
          case REGISTERS -> Kind.REGISTERS;
          case ENTRY -> Kind.ENTRY;
          case READ -> Kind.READ;
          case WRITE -> Kind.WRITE;
          case FILL -> Kind.FILL;
          case LOOP -> Kind.LOOP;
        };
    return of(kind, operation, summary);
  }

  /** A call of the guest's driver on an array of argument structs. */
  static Shape driverArray(ArmOperation operation, String summary) {
    return of(Kind.DRIVER_ARRAY, operation, summary);
  }

  private static Shape of(Kind kind, ArmOperation operation, String summary) {
    Struct struct = new Struct(operation.hypercall(), operation.command(), operation.structSize(), operation.statusOffset());
    Shape shape = new Shape(kind, summary, operation, struct);
    for (ArmField field : operation.out()) {
      shape.out.add(new Field(field.name(), outType(field.name()), field.size(), field.offset(), OptionalLong.empty()));
    }
    return shape;
  }

  private static FieldType outType(String name) {
    return switch (name) {
      case "flags" -> FieldType.GRANT_FLAGS;
      case "dom" -> FieldType.DOMAIN;
      case "gfn" -> FieldType.GFN;
      case "handle" -> FieldType.HANDLE;
      default -> FieldType.NUMBER;
    };
  }

  static Shape script(Kind kind, String summary) {
    return new Shape(kind, summary, null, null);
  }

  /** A hypercall that recordings do not have by name. Each of its inputs and outputs is followed by {@link #at}. */
  static Shape hypercall(String summary, int hypercall, int command, int size) {
    return new Shape(Kind.STRUCT, summary, null, new Struct(hypercall, command, size, Struct.NO_STATUS));
  }

  /** A call of a driver on an array of other structs than the recordings' operation has. */
  static Shape driverStructs(String summary, int size, int statusOffset) {
    return new Shape(Kind.DRIVER_ARRAY, summary, null, new Struct(GnttabOp.HYPERCALL, Struct.NO_COMMAND, size, statusOffset)).withStatus();
  }

  static Shape reservation(ArmOperation operation, String summary) {
    return known(operation, summary).in("dom", FieldType.DOMAIN, DomId.SELF).in("list", FieldType.FRAME_LIST).in("nr", FieldType.NUMBER, 1)
        .in("order", FieldType.NUMBER, 0).in("flags", FieldType.NUMBER, 0);
  }

  static Shape read(ArmOperation operation, String summary) {
    return known(operation, summary).in("addr", FieldType.ADDRESS);
  }

  static Shape write(ArmOperation operation, String summary) {
    return known(operation, summary).in("addr", FieldType.ADDRESS).in("val", FieldType.NUMBER);
  }

  static Shape swap(String summary, int size) {
    return script(Kind.SWAP, summary).in("addr", FieldType.ADDRESS).in("old", FieldType.NUMBER).at(-1, size).in("val", FieldType.NUMBER).at(-1, size)
        .out("found", FieldType.NUMBER);
  }

  /** A required input. */
  Shape in(String name, FieldType type) {
    return input(name, type, OptionalLong.empty());
  }

  /** An input that need not be given. */
  Shape in(String name, FieldType type, long preset) {
    return input(name, type, OptionalLong.of(preset));
  }

  private Shape input(String name, FieldType type, OptionalLong preset) {
    int size = Long.BYTES;
    int offset = -1;
    if (recorded != null) {
      ArmField field = recorded.in().get(in.size());
      if (!field.name().equals(name)) {
        throw new IllegalStateException(recorded.recordedName() + ": expected the input " + field.name() + ", found " + name);
      }
      size = field.size();
      offset = field.offset();
    }
    in.add(new Field(name, type, size, offset, preset));
    last = in;
    return this;
  }

  /** Where in the struct the field lies that was added last, and how many bytes it has. */
  Shape at(int offset, int size) {
    Field field = last.removeLast();
    last.add(new Field(field.name(), field.type(), size, offset, field.preset()));
    return this;
  }

  /** Each element has a status. */
  Shape withStatus() {
    status = true;
    return this;
  }

  /** What kind of number it returns, where that is no errno. */
  Shape returns(FieldType type) {
    returns = type;
    return this;
  }

  Shape out(String name, FieldType type) {
    out.add(new Field(name, type, Long.BYTES, -1, OptionalLong.empty()));
    last = out;
    return this;
  }
}
