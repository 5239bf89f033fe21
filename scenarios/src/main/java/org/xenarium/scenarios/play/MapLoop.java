package org.xenarium.scenarios.play;

import java.util.Arrays;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.abi.MapLayout;
import org.xenarium.gnttab.abi.UnmapLayout;
import org.xenarium.scenarios.recording.ArmOperation;
import org.xenarium.scenarios.script.Column;
import org.xenarium.scenarios.script.Operation;

/** Maps one reference at consecutive pages, or unmaps consecutive pages and handles, one hypercall after the other until the first failure. */
final class MapLoop extends Activity {
  private static final int BUFFER = 64;

  private final int slot;
  private long turn;
  private boolean called;

  MapLoop(int index, Inputs inputs, int slot) {
    super(index, inputs);
    this.slot = slot;
  }

  private boolean maps() {
    return operation() == Operation.MAPMANY;
  }

  private ArmOperation each() {
    return maps() ? ArmOperation.MAP : ArmOperation.UNMAP;
  }

  @Override
  public boolean step(Vcpu vcpu) {
    if (called) {
      called = false;
      if (!takeResult(vcpu)) {
        return false;
      }
    } else if (turn == 0) {
      setOut(vcpu, 0, 0, 0);
      if (maps()) {
        setOut(vcpu, 0, 1, -1);
      }
    }
    if (Long.compareUnsigned(turn, inputs().get("n")) >= 0) {
      return false;
    }
    call(vcpu);
    called = true;
    return true;
  }

  private void call(Vcpu vcpu) {
    byte[] struct = new byte[BUFFER];
    Arrays.fill(struct, Structs.UNTOUCHED);
    long address = inputs().get("addr") + turn * MachineMemory.PAGE_SIZE;
    if (maps()) {
      Structs.put(struct, MapLayout.HOST_ADDR, 8, address);
      Structs.put(struct, MapLayout.FLAGS, 4, inputs().get("flags"));
      Structs.put(struct, MapLayout.REF, 4, inputs().get("ref"));
      Structs.put(struct, MapLayout.DOM, 2, inputs().get("dom"));
    } else {
      Structs.put(struct, UnmapLayout.HOST_ADDR, 8, address);
      Structs.put(struct, UnmapLayout.DEV_BUS_ADDR, 8, 0);
      Structs.put(struct, UnmapLayout.HANDLE, 4, inputs().get("handle") + turn);
    }
    GuestBuffers.write(vcpu.domain(), GuestMemory.struct(slot), struct, 0, BUFFER);
    vcpu.issue(each().hypercall(), each().command(), GuestMemory.struct(slot), 1);
  }

  /** False after a failure. */
  private boolean takeResult(Vcpu vcpu) {
    byte[] struct = new byte[each().structSize()];
    GuestBuffers.read(vcpu.domain(), GuestMemory.struct(slot), struct, 0, struct.length);
    int status = (short) Structs.take(struct, each().statusOffset(), Short.BYTES);
    set(vcpu, Column.status(operation(), 0), status);
    returns(vcpu, vcpu.x(0));
    if (vcpu.x(0) != 0 || status != 0) {
      return false;
    }
    if (maps() && turn == 0) {
      setOut(vcpu, 0, 1, Structs.take(struct, MapLayout.HANDLE, 4));
    }
    turn++;
    setOut(vcpu, 0, 0, turn);
    return true;
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(slot).add(turn).add(called);
  }
}
