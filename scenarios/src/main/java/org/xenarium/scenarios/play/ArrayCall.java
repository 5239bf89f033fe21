package org.xenarium.scenarios.play;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
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
    Routine running = call;
    if (running == null) {
      store(vcpu, GuestMemory.batch(slot), array(length()));
      running = begin(vcpu);
      call = running;
    }
    if (running.step(vcpu)) {
      return true;
    }
    takeResults(vcpu, load(vcpu, GuestMemory.batch(slot), length()));
    return returns(vcpu, vcpu.x(0));
  }

  private int length() {
    return inputs().elements() * struct().size();
  }

  private Routine begin(Vcpu vcpu) {
    long array = GuestMemory.batch(slot);
    int count = inputs().elements();
    OtherDriver other = OtherDriver.of(vcpu.domain());
    if (other != null) {
      return other.call(operation(), array, count);
    }
    return operation() == Operation.MAP_REFS ? new MapRefs(array, count) : new UnmapRefs(array, count);
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
