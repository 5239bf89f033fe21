package org.xenarium.gnttab.driver;

import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.Errno;
import org.xenarium.gnttab.abi.GnttabOp;

/**
 * A driver call that hands an array of map or unmap elements to the hypervisor: first every address must lie in an extended region, else
 * -EFAULT without a hypercall and with no byte of the array changed; then one hypercall for all.
 */
abstract class RefsCall extends DriverCall {
  private enum Phase {
    CHECK,
    CALL,
    RETURN
  }

  private final int command;
  private final int elementSize;
  private final int addressOffset;
  private final long array;
  private final int count;
  private Phase next = Phase.CHECK;
  private int checked;

  RefsCall(int command, int elementSize, int addressOffset, long array, int count) {
    this.command = command;
    this.elementSize = elementSize;
    this.addressOffset = addressOffset;
    this.array = array;
    this.count = count;
  }

  @Override
  public final boolean step(Vcpu vcpu) {
    return switch (next) {
      case CHECK -> check(vcpu);
      case CALL -> {
        vcpu.issue(GnttabOp.HYPERCALL, command, array, count);
        next = Phase.RETURN;
        yield true;
      }
      // x0 still is what the hypercall returned, which is what this call returns.
      case RETURN -> false;
    };
  }

  private boolean check(Vcpu vcpu) {
    if (checked == count) {
      checked = 0;
      next = Phase.CALL;
      return true;
    }
    long address = load(vcpu, array + (long) checked * elementSize + addressOffset, 8);
    checked++;
    if (driver(vcpu).layout().regions().contains(address)) {
      return true;
    }
    vcpu.setX(0, -Errno.EFAULT);
    return false;
  }

  @Override
  public final void digest(Digest digest) {
    digest.add(command).add(array).add(count).add(next).add(checked);
  }
}
