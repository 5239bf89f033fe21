package org.xenarium.scenarios.property;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.scenarios.play.Stage;
import org.xenarium.scenarios.script.Field;
import org.xenarium.scenarios.script.FieldType;
import org.xenarium.scenarios.script.Kind;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.vocabulary.Scribe;

/**
 * Writes down what a guest's own driver does in the words of scenarios: its stores, compare-and-swaps and hypercalls. Nothing follows from loads and
 * from what is done to the memory for arguments.
 */
final class Transcript implements DriverWatcher {
  private static final int MOST_FRAMES = 64;

  private final Stage stage;
  private final Scribe scribe;
  private final List<String> panics = new ArrayList<>();

  Transcript(Stage stage, Scribe scribe) {
    this.stage = stage;
    this.scribe = scribe;
  }

  @Override
  public void stores(Vcpu vcpu, long address, int size, long value) {
    Operation operation =
        switch (size) {
          case 1 -> Operation.W8;
          case 2 -> Operation.W16;
          case 4 -> Operation.W32;
          default -> Operation.W64;
        };
    write(vcpu, operation, address, operation.in().get(1).bits(value));
  }

  @Override
  public void swaps(Vcpu vcpu, long address, int size, long expected, long replacement) {
    Operation operation = size == 2 ? Operation.CAS16 : size == 4 ? Operation.CAS32 : Operation.CAS64;
    write(vcpu, operation, address, operation.in().get(1).bits(expected), operation.in().get(2).bits(replacement));
  }

  @Override
  public void calls(Vcpu vcpu, int number, long... x) {
    for (Operation operation : Operation.values()) {
      boolean is = operation.kind() == Kind.STRUCT && operation.struct().hypercall() == number && operation.struct().command() == x[0];
      if (is && operation.struct().size() > 0) {
        structs(vcpu, operation, x[1], operation.struct().isCounted() ? (int) x[2] : 1);
        return;
      }
    }
    write(vcpu, Operation.HYP, number, x[0], x[1], x[2], x[3], x[4]);
  }

  @Override
  public void panics(Vcpu vcpu, Operation call, String text) {
    panics.add("domain " + vcpu.domain().id() + " panics in " + call.spelling() + ": " + text);
  }

  /** What drivers said when they panicked. */
  List<String> panics() {
    return panics;
  }

  private void structs(Vcpu vcpu, Operation operation, long pointer, int count) {
    int size = operation.struct().size();
    List<long[]> elements = new ArrayList<>();
    long[] frames = {};
    for (int i = 0; i < Math.min(count, Stage.MOST_ELEMENTS); i++) {
      long[] element = new long[operation.in().size()];
      for (int field = 0; field < element.length; field++) {
        Field in = operation.in().get(field);
        element[field] = peek(vcpu, pointer + (long) i * size + in.offset(), in.size());
        frames = in.type() == FieldType.FRAME_LIST ? frames(vcpu, operation, element[field], pointer + (long) i * size) : frames;
      }
      elements.add(element);
    }
    scribe.wrote(actor(vcpu), operation, elements, frames);
  }

  /** The frames of a reservation, whose number is the next field but one. */
  private static long[] frames(Vcpu vcpu, Operation operation, long list, long struct) {
    Field number = operation.in().stream().filter(field -> field.name().equals("nr")).findFirst().orElseThrow();
    long[] frames = new long[(int) Math.min(MOST_FRAMES, peek(vcpu, struct + number.offset(), number.size()))];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = peek(vcpu, list + (long) i * Long.BYTES, Long.BYTES);
    }
    return frames;
  }

  /** What lies there, without an access of the guest; 0 where nothing does. */
  private static long peek(Vcpu vcpu, long address, int size) {
    byte[] bytes = new byte[Long.BYTES];
    if (GuestBuffers.read(vcpu.domain(), address, bytes, 0, size)) {
      return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }
    return 0;
  }

  private void write(Vcpu vcpu, Operation operation, long... inputs) {
    scribe.wrote(actor(vcpu), operation, List.of(inputs), new long[0]);
  }

  private int actor(Vcpu vcpu) {
    for (int actor = 0; actor < stage.actors().size(); actor++) {
      if (stage.vcpu(actor) == vcpu) {
        return actor;
      }
    }
    throw new IllegalStateException("domain " + vcpu.domain().id() + " has no actor " + vcpu.id());
  }
}
