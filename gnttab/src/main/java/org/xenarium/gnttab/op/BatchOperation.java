package org.xenarium.gnttab.op;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.domain.World;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.rule.GrantRule;
import org.xenarium.gnttab.table.GrantCall;

/**
 * An operation over an array of elements: where it is in the array, how it goes on to the next element, is preempted, and ends (spec §2.2,
 * §2.5).
 */
abstract class BatchOperation extends Routine implements GrantCall {
  private final int command;
  private final int elementSize;

  /** Guest address of the current element. */
  private long pointer;

  /** Elements not finished yet, the current one included. */
  private int remaining;

  /** Index of the current element since this entry into the hypervisor. */
  private long element;

  BatchOperation(int command, int elementSize) {
    this.command = command;
    this.elementSize = elementSize;
  }

  /** Takes the batch from the vCPU's registers. */
  final BatchOperation begin(Vcpu vcpu) {
    pointer = vcpu.x(1);
    remaining = (int) vcpu.x(2);
    element = 0;
    return this;
  }

  final int command() {
    return command;
  }

  @Override
  public final int operation() {
    return command;
  }

  @Override
  public final long elementAddress() {
    return pointer;
  }

  @Override
  public final long elementsLeft() {
    return remaining;
  }

  final long element() {
    return element;
  }

  final boolean isLast() {
    return remaining == 1;
  }

  final boolean isDone() {
    return remaining == 0;
  }

  final void nextElement() {
    pointer += elementSize;
    remaining--;
    element++;
  }

  /**
   * Reads the next element into the scratch bytes, or leaves the hypervisor: the batch is through, or is preempted before another element, or
   * the element cannot be read.
   */
  final boolean takesElement(Vcpu vcpu, GrantRule unreadable) {
    if (isDone()) {
      endBatch(vcpu);
      return false;
    }
    if (element > 0 && vcpu.preempts()) {
      continueLater(vcpu, 0);
      return false;
    }
    if (!readElement(vcpu)) {
      end(vcpu, unreadable);
      return false;
    }
    return true;
  }

  /** Reads the current element into the scratch bytes. */
  final boolean readElement(Vcpu vcpu) {
    return GuestBuffers.read(vcpu.domain(), pointer, vcpu.world().host().scratch, 0, elementSize);
  }

  /** Writes the scratch bytes back as the current element. */
  final boolean writeElement(Vcpu vcpu) {
    return GuestBuffers.write(vcpu.domain(), pointer, vcpu.world().host().scratch, 0, elementSize);
  }

  /** Writes the 16-bit status of the current element. */
  final boolean writeStatus(Vcpu vcpu, int offset, int status) {
    byte[] scratch = vcpu.world().host().scratch;
    Bytes.setShort(scratch, 0, status);
    return GuestBuffers.write(vcpu.domain(), pointer + offset, scratch, 0, Short.BYTES);
  }

  /** Reports what decided the current element. */
  final void decided(Vcpu vcpu, GrantRule rule) {
    vcpu.decided(element, rule);
  }

  /** Ends the call with the return value of {@code rule}. */
  final void end(Vcpu vcpu, GrantRule rule) {
    vcpu.decided(element, rule);
    vcpu.setX(0, rule.result());
    reset();
  }

  /** The batch is through. */
  final void endBatch(Vcpu vcpu) {
    if (element == 0) {
      vcpu.decided(0, GrantRule.GNT_08);
    }
    vcpu.setX(0, 0);
    reset();
  }

  /** Leaves the hypervisor with the rest of the batch in the registers and the program counter on the HVC. */
  final void continueLater(Vcpu vcpu, int position) {
    long at = pointer;
    int rest = remaining;
    reset();
    vcpu.issueAgain(command | position, at, rest);
  }

  /** The domain that a live handle names: it is listed as long as the page is mapped (I66). */
  static Domain listed(Vcpu vcpu, int domid) {
    Domain domain = vcpu.world().domain(domid);
    if (domain == null) {
      throw new IllegalStateException("domain " + domid + " left the list while a page of it was mapped");
    }
    return domain;
  }

  /** A domain that the operation has found before; it may have left the list since, but the operation holds on to it. */
  static Domain found(World world, int incarnation) {
    Domain domain = world.incarnation(incarnation);
    if (domain == null) {
      throw new IllegalStateException("domain incarnation " + incarnation + " is gone during an operation on it");
    }
    return domain;
  }

  /** The rule of a finished element; every path to its end sets one. */
  static GrantRule ruleOf(@Nullable GrantRule rule) {
    if (rule == null) {
      throw new IllegalStateException("an element ended without a rule");
    }
    return rule;
  }

  private void reset() {
    pointer = 0;
    remaining = 0;
    element = 0;
  }

  @Override
  public void digest(Digest digest) {
    digest.add(command).add(pointer).add(remaining).add(element);
  }
}
