package org.xenarium.scenarios.play;

import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;
import org.xenarium.scenarios.recording.ArmOperation;
import org.xenarium.scenarios.script.Operation;

/** Loads and stores of a guest: one of 1 to 8 bytes, a compare-and-swap, or those on a version 1 entry of its grant table. Each is a step. */
final class Accesses extends Activity {
  private static final int ENTRY_SIZE = 8;
  private static final int DOMID = 2;
  private static final int FRAME = 4;

  private int done;

  Accesses(int index, Inputs inputs) {
    super(index, inputs);
  }

  @Override
  public boolean step(Vcpu vcpu) {
    return switch (operation().kind()) {
      case READ -> {
        long value = vcpu.load(inputs().get(0), size());
        if (!hasFaulted(vcpu, inputs().get(0), size(), false)) {
          setOut(vcpu, 0, 0, value);
        }
        yield false;
      }
      case WRITE -> store(vcpu, inputs().get(0), size(), inputs().get(1));
      case SWAP -> swap(vcpu);
      default -> entry(vcpu);
    };
  }

  private int size() {
    ArmOperation recorded = operation().recorded();
    return recorded == null ? 0 : recorded.accessSize();
  }

  /** The only store, or the last one. */
  private boolean store(Vcpu vcpu, long address, int size, long value) {
    vcpu.store(address, size, value);
    boolean faulted = hasFaulted(vcpu, address, size, true);
    // A store that never ends leaves the step under way for ever.
    return vcpu.isStuck() && !faulted;
  }

  private boolean swap(Vcpu vcpu) {
    int size = operation().in().get(1).size();
    long found = vcpu.compareAndSwap(inputs().get(0), size, inputs().get(1), inputs().get(2));
    if (!hasFaulted(vcpu, inputs().get(0), size, true)) {
      setOut(vcpu, 0, 0, found);
    }
    return vcpu.isStuck();
  }

  /** gtr reads all with one load, gtf writes the flags, gte domid and frame before them. */
  private boolean entry(Vcpu vcpu) {
    long at = GuestMemory.TABLE + ENTRY_SIZE * inputs().get(0);
    if (operation() == Operation.GTR) {
      long entry = vcpu.load(at, ENTRY_SIZE);
      if (!hasFaulted(vcpu, at, ENTRY_SIZE, false)) {
        setOut(vcpu, 0, 0, entry & 0xffff);
        setOut(vcpu, 0, 1, entry >>> 16 & 0xffff);
        setOut(vcpu, 0, 2, entry >>> 32);
      }
      return false;
    }
    if (operation() == Operation.GTE && done < 2) {
      boolean domid = done++ == 0;
      long address = at + (domid ? DOMID : FRAME);
      int size = domid ? 2 : 4;
      vcpu.store(address, size, inputs().get(domid ? 2 : 3));
      return !hasFaulted(vcpu, address, size, true);
    }
    return store(vcpu, at, 2, inputs().get(1));
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(done);
  }
}
