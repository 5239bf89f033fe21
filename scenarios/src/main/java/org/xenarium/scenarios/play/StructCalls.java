package org.xenarium.scenarios.play;

import java.util.Arrays;
import java.util.OptionalLong;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.abi.GnttabOp;

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
    byte[] array = new byte[length()];
    GuestBuffers.read(vcpu.domain(), buffer(), array, 0, array.length);
    takeResults(vcpu, array);
    return returns(vcpu, vcpu.x(0));
  }

  private void call(Vcpu vcpu) {
    byte[] array = new byte[length()];
    Arrays.fill(array, Structs.UNTOUCHED);
    for (int element = 0; element < inputs().elements(); element++) {
      inputs().put(element, array, element * recorded().structSize());
    }
    GuestBuffers.write(vcpu.domain(), buffer(), array, 0, array.length);
    storeFrames(vcpu);
    boolean counts = recorded().hypercall() == GnttabOp.HYPERCALL;
    vcpu.issue(
        recorded().hypercall(), recorded().command(), pointer.orElse(buffer()), counts ? count.orElse(inputs().elements()) : 0);
  }

  private void storeFrames(Vcpu vcpu) {
    long[] frames = inputs().frames();
    for (int i = 0; i < frames.length; i++) {
      vcpu.store(GuestMemory.LIST + (long) i * Long.BYTES, Long.BYTES, frames[i]);
    }
  }

  private long buffer() {
    return batch ? GuestMemory.batch(slot) : GuestMemory.struct(slot);
  }

  /** With a count of its own the call may read on behind the elements. */
  private int length() {
    int elements = inputs().elements() * recorded().structSize();
    return count.isPresent() ? Math.max(elements, MachineMemory.PAGE_SIZE) : Math.max(elements, SINGLE);
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(slot).add(batch).add(count.isPresent()).add(count.orElse(0)).add(pointer.isPresent()).add(pointer.orElse(0)).add(called);
  }
}
