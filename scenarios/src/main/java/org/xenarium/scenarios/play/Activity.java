package org.xenarium.scenarios.play;

import java.util.Arrays;
import java.util.List;
import org.xenarium.emulator.domain.Access;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.state.Digest;
import org.xenarium.scenarios.script.Column;
import org.xenarium.scenarios.script.Field;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Progress;
import org.xenarium.scenarios.script.Struct;

/** What a guest does in one step of a scenario. */
abstract class Activity extends Routine {
  private final int index;
  private final Inputs inputs;

  /** An activity for the step with that index. */
  Activity(int index, Inputs inputs) {
    this.index = index;
    this.inputs = inputs;
  }

  final int index() {
    return index;
  }

  final Inputs inputs() {
    return inputs;
  }

  final Operation operation() {
    return inputs.operation();
  }

  /** The struct of its hypercall. */
  final Struct struct() {
    return operation().struct();
  }

  /** All elements as they lie in memory, filled with bytes 0x5a where they have no input. */
  final byte[] array(int length) {
    byte[] array = new byte[length];
    Arrays.fill(array, Structs.UNTOUCHED);
    for (int element = 0; element < inputs.elements(); element++) {
      inputs.put(element, array, element * struct().size());
    }
    return array;
  }

  /** Stores an array of whole words. Nobody else sees that memory, so this is part of one step. */
  static void store(Vcpu vcpu, long at, byte[] array) {
    for (int i = 0; i < array.length; i += Long.BYTES) {
      vcpu.store(at + i, Long.BYTES, Structs.take(array, i, Long.BYTES));
    }
  }

  /** Loads an array of whole words. */
  static byte[] load(Vcpu vcpu, long at, int length) {
    byte[] array = new byte[length];
    for (int i = 0; i < length; i += Long.BYTES) {
      Structs.put(array, i, Long.BYTES, vcpu.load(at + i, Long.BYTES));
    }
    return array;
  }

  final void set(Vcpu vcpu, int column, long value) {
    Notes.of(vcpu.world()).set(index, column, value);
  }

  final void setOut(Vcpu vcpu, int element, int output, long value) {
    set(vcpu, Column.out(operation(), element, output), value);
  }

  /** Writes down what the call returned. False: the step has ended. */
  final boolean returns(Vcpu vcpu, long value) {
    set(vcpu, Column.RETURNS, value);
    return false;
  }

  /** Writes down status and outputs of elements that lie in an array. */
  final void takeResults(Vcpu vcpu, byte[] array) {
    List<Field> outputs = operation().out();
    for (int element = 0; element < inputs.elements(); element++) {
      int at = element * struct().size();
      if (operation().hasStatus()) {
        set(vcpu, Column.status(operation(), element), (short) Structs.take(array, at + struct().statusOffset(), Short.BYTES));
      }
      for (int i = 0; i < outputs.size(); i++) {
        setOut(vcpu, element, i, Structs.take(array, at + outputs.get(i).offset(), outputs.get(i).size()));
      }
    }
  }

  /** After an access: true when it was aborted, which ends the step. */
  final boolean hasFaulted(Vcpu vcpu, long address, int size, boolean store) {
    if (!vcpu.takeAbort()) {
      return false;
    }
    long end = address + size - 1;
    long fault = vcpu.access(address, store) == Access.ABORT ? address : end & -MachineMemory.PAGE_SIZE;
    Notes notes = Notes.of(vcpu.world());
    notes.set(index, Column.FAULT, fault);
    notes.set(index, Column.RETURNS, -1);
    notes.setProgress(index, Progress.FAULTED);
    return true;
  }

  @Override
  public void digest(Digest digest) {
    digest.add(index);
    inputs.digest(digest);
  }
}
