package org.xenarium.scenarios.play;

import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.state.Digest;

/** Stores one byte many times, a page in each step; the guest does not notice an abort. */
final class Filling extends Activity {
  private long done;

  Filling(int index, Inputs inputs) {
    super(index, inputs);
  }

  @Override
  public boolean step(Vcpu vcpu) {
    long length = inputs().get(2);
    if (done >= length) {
      return false;
    }
    long address = inputs().get(0) + done;
    long part = Math.min(length - done, MachineMemory.PAGE_SIZE - (address & (MachineMemory.PAGE_SIZE - 1)));
    for (long i = 0; i < part && !vcpu.isStuck(); i++) {
      vcpu.store(address + i, 1, inputs().get(1));
      if (vcpu.takeAbort()) {
        break;
      }
    }
    done += part;
    return vcpu.isStuck() || done < length;
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(done);
  }
}
