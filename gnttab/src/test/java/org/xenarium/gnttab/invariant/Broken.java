package org.xenarium.gnttab.invariant;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.xenarium.emulator.domain.Lock;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.table.GrantCall;
import org.xenarium.gnttab.table.Maptrack;

/** A hypercall as no hypervisor should have it: each step does what a test says, and what it claims to hold is what the test says too. */
final class Broken extends Routine implements GrantCall {
  /** A pin that it claims to hold. */
  record Pin(int granter, int ref, boolean readonly, int holder) {}

  private final int operation;
  private final List<Consumer<Vcpu>> steps = new ArrayList<>();
  private boolean ends;

  /** What it claims. */
  final List<Pin> pins = new ArrayList<>();

  int inHand = Maptrack.NONE;
  long lock = Lock.NONE;
  long held = Lock.NONE;
  long element;
  long hostAddress;

  Broken(int operation) {
    this.operation = operation;
  }

  /** Adds a step. */
  Broken then(Consumer<Vcpu> step) {
    steps.add(step);
    return this;
  }

  /** The call is over with the last step; without this it stays in flight for ever. */
  Broken ends() {
    ends = true;
    return this;
  }

  Broken locked(int granter, int ref) {
    lock = Lock.entry(granter, ref);
    return this;
  }

  Broken at(long address) {
    hostAddress = address;
    return this;
  }

  @Override
  public boolean step(Vcpu vcpu) {
    if (!steps.isEmpty()) {
      steps.remove(0).accept(vcpu);
    }
    if (steps.isEmpty() && ends) {
      vcpu.setX(0, operation < 0 ? 0 : vcpu.x(0));
      return false;
    }
    return true;
  }

  /** True while a test has steps left. */
  boolean isBusy() {
    return !steps.isEmpty();
  }

  @Override
  public int operation() {
    return operation;
  }

  @Override
  public long elementAddress() {
    return element;
  }

  @Override
  public long elementsLeft() {
    return 1;
  }

  @Override
  public long hostAddress() {
    return hostAddress;
  }

  @Override
  public int handleInHand() {
    return inHand;
  }

  @Override
  public void forEachPin(Vcpu vcpu, PinVisitor visitor) {
    for (Pin pin : pins) {
      visitor.pin(pin.granter(), pin.ref(), pin.readonly(), pin.holder());
    }
  }

  @Override
  public long needs(Vcpu vcpu) {
    return lock;
  }

  @Override
  public long holds(Vcpu vcpu) {
    return held;
  }

  @Override
  public void digest(Digest digest) {
    digest.add(operation);
  }
}
