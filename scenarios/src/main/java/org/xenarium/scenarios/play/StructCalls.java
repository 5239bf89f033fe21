package org.xenarium.scenarios.play;

import java.util.OptionalLong;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.state.Digest;
import org.xenarium.scenarios.script.Struct;

/**
 * A hypercall with an argument struct, or with several: they are filled with bytes 0x5a, the inputs are stored, and afterwards the results are
 * read back. Nobody else sees that memory, so its stores and loads are no steps of their own.
 */
final class StructCalls extends Activity {
  private static final int SINGLE = 64;

  private final int slot;
  private final boolean batch;
  private final OptionalLong count;
  private final OptionalLong pointer;
  private boolean called;

  StructCalls(int index, Inputs inputs, int slot, boolean batch, OptionalLong count, OptionalLong pointer) {
    super(index, inputs);
    this.slot = slot;
    this.batch = batch;
    this.count = count;
    this.pointer = pointer;
  }

  @Override
  public boolean step(Vcpu vcpu) {
    if (!called) {
      call(vcpu);
      called = true;
      return true;
    }
    takeResults(vcpu, results(vcpu));
    return returns(vcpu, vcpu.x(0));
  }

  private void call(Vcpu vcpu) {
    byte[] array = array(length());
    if (isRecorded()) {
      GuestBuffers.write(vcpu.domain(), buffer(), array, 0, array.length);
    } else {
      store(vcpu, buffer(), array);
    }
    storeLists(vcpu);
    long at = pointer.orElse(buffer());
    long elements = struct().isCounted() ? count.orElse(inputs().elements()) : 0;
    if (struct().command() == Struct.NO_COMMAND) {
      vcpu.issue(struct().hypercall(), at, elements, 0);
    } else {
      vcpu.issue(struct().hypercall(), struct().command(), at, elements);
    }
  }

  private byte[] results(Vcpu vcpu) {
    if (!isRecorded()) {
      return load(vcpu, buffer(), length());
    }
    byte[] array = new byte[length()];
    GuestBuffers.read(vcpu.domain(), buffer(), array, 0, array.length);
    return array;
  }

  /** A recording has the struct in the line of the call. That of other calls is written and read by the guest, as a recording shows. */
  private boolean isRecorded() {
    return operation().recorded() != null;
  }

  private void storeLists(Vcpu vcpu) {
    long[] items = inputs().items();
    int size = inputs().itemSize();
    for (int i = 0; i < items.length; i++) {
      vcpu.store(GuestMemory.lists(slot) + (long) i * size, size, items[i]);
    }
  }

  private long buffer() {
    return batch ? GuestMemory.batch(slot) : GuestMemory.struct(slot);
  }

  /** With a count of its own the call may read on behind the elements. */
  private int length() {
    int elements = (inputs().elements() * struct().size() + 7) & -Long.BYTES;
    if (!isRecorded() && count.isEmpty()) {
      return elements;
    }
    return count.isPresent() ? Math.max(elements, MachineMemory.PAGE_SIZE) : Math.max(elements, SINGLE);
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(slot).add(batch).add(count.isPresent()).add(count.orElse(0)).add(pointer.isPresent()).add(pointer.orElse(0)).add(called);
  }
}
