package org.xenarium.scenarios.play;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.driver.MapRefs;
import org.xenarium.gnttab.driver.UnmapRefs;
import org.xenarium.scenarios.script.Operation;

/** A call of the guest's grant driver on an array of elements, which are filled with bytes 0x5a before the inputs are stored. */
final class ArrayCall extends Activity {
  private final int slot;
  private @Nullable Routine call;

  ArrayCall(int index, Inputs inputs, int slot) {
    super(index, inputs);
    this.slot = slot;
  }

  @Override
  public boolean isWaiting(Vcpu vcpu) {
    return call != null && call.isWaiting(vcpu);
  }

  @Override
  public boolean step(Vcpu vcpu) {
    int size = recorded().structSize();
    Routine running = call;
    if (running == null) {
      byte[] array = new byte[inputs().elements() * size];
      Arrays.fill(array, Structs.UNTOUCHED);
      for (int element = 0; element < inputs().elements(); element++) {
        inputs().put(element, array, element * size);
      }
      GuestBuffers.write(vcpu.domain(), GuestMemory.batch(slot), array, 0, array.length);
      running = operation() == Operation.MAP_REFS
          ? new MapRefs(GuestMemory.batch(slot), inputs().elements())
          : new UnmapRefs(GuestMemory.batch(slot), inputs().elements());
      call = running;
    }
    if (running.step(vcpu)) {
      return true;
    }
    byte[] array = new byte[inputs().elements() * size];
    GuestBuffers.read(vcpu.domain(), GuestMemory.batch(slot), array, 0, array.length);
    takeResults(vcpu, array);
    return returns(vcpu, vcpu.x(0));
  }

  @Override
  public Routine copy() {
    ArrayCall copy = (ArrayCall) super.copy();
    copy.call = call == null ? null : call.copy();
    return copy;
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(slot).add(call != null);
    if (call != null) {
      call.digest(digest);
    }
  }
}
