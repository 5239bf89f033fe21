package org.xenarium.gnttab.driver;

import org.xenarium.emulator.domain.Access;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.abi.GntStatus;
import org.xenarium.gnttab.abi.GnttabOp;

/** A driver call that hands an array of map or unmap elements to the hypervisor: walking over the array, and the check of its addresses. */
abstract class RefsCall extends DriverCall {
  private final long array;
  private final int count;

  /** The element that the next step is about. */
  private int index;

  RefsCall(long array, int count) {
    this.array = array;
    this.count = count;
  }

  /** Guest address of the elements. */
  final long array() {
    return array;
  }

  final int count() {
    return count;
  }

  /** Bytes from one element to the next. */
  abstract int elementSize(GrantDriver driver);

  /** Where the status is in an element. */
  abstract int statusOffset();

  /** Guest address of the current element, whose first field is the host address. */
  final long element(Vcpu vcpu) {
    return array + Integer.toUnsignedLong(index) * elementSize(driver(vcpu));
  }

  final long hostAddress(Vcpu vcpu) {
    return load(vcpu, element(vcpu), 8);
  }

  final int status(Vcpu vcpu) {
    return (short) load(vcpu, element(vcpu) + statusOffset(), 2);
  }

  final void setStatus(Vcpu vcpu, int status) {
    store(vcpu, element(vcpu) + statusOffset(), 2, status);
  }

  final int index() {
    return index;
  }

  /** Steps over all elements are through; the next ones begin with the first again. */
  final boolean isThrough() {
    if (index != count) {
      return false;
    }
    index = 0;
    return true;
  }

  final void nextElement() {
    index++;
  }

  final void previousElement() {
    index--;
  }

  final void hypercall(Vcpu vcpu, int command) {
    remarkUnaligned(vcpu);
    vcpu.issue(GnttabOp.HYPERCALL, command, array, count);
  }

  /** Whatever the hypervisor does not reach shall not look like a success. */
  final void preset(Vcpu vcpu) {
    setStatus(vcpu, GntStatus.GENERAL_ERROR);
    nextElement();
  }

  /** Does the host address of the current element lie in a region? */
  final boolean isInRegion(Vcpu vcpu) {
    return driver(vcpu).regions().contains(hostAddress(vcpu));
  }

  /** What the caller should not have done; looking at it is no step of the driver. */
  private void remarkUnaligned(Vcpu vcpu) {
    int size = elementSize(driver(vcpu));
    for (long i = 0; i < Integer.toUnsignedLong(count) && vcpu.access(array + i * size, false) == Access.DONE; i++) {
      long address = vcpu.load(array + i * size, 8);
      if (!vcpu.takeAbort() && (address & (MachineMemory.PAGE_SIZE - 1)) != 0) {
        note(vcpu, DriverRule.REFS_01, address);
      }
    }
  }

  @Override
  public void digest(Digest digest) {
    digest.add(array).add(count).add(index);
  }
}
