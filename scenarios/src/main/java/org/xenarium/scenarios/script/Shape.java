package org.xenarium.scenarios.script;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.xenarium.scenarios.recording.ArmField;
import org.xenarium.scenarios.recording.ArmOperation;
import org.xenarium.scenarios.script.Operation.Kind;

/** What an {@link Operation} looks like, written as one row of its table. */
final class Shape {
  final Kind kind;
  final String summary;
  final @Nullable ArmOperation recorded;
  final List<Field> in = new ArrayList<>();
  final List<Field> out = new ArrayList<>();
  boolean status;
  FieldType returns = FieldType.RETURN;

  private Shape(Kind kind, String summary, @Nullable ArmOperation recorded) {
    this.kind = kind;
    this.summary = summary;
    this.recorded = recorded;
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
    Shape shape = new Shape(kind, summary, operation);
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
    return new Shape(kind, summary, null);
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
    return this;
  }

  /** An input of so many bytes. */
  Shape sized(String name, FieldType type, int size) {
    in.add(new Field(name, type, size, -1, OptionalLong.empty()));
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
    return this;
  }
}
