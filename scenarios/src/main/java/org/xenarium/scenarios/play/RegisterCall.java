package org.xenarium.scenarios.play;

import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;

/** A hypercall whose arguments are given as they go into the registers. */
final class RegisterCall extends Activity {
  private boolean called;

  RegisterCall(int index, Inputs inputs) {
    super(index, inputs);
  }

  @Override
  public boolean step(Vcpu vcpu) {
    if (called) {
      return returns(vcpu, vcpu.x(0));
    }
    long asked = inputs().get(0);
    int number = asked < 0 || asked > Integer.MAX_VALUE ? -1 : (int) asked;
    vcpu.issue(number, inputs().get(1), inputs().get(2), inputs().get(3), inputs().get(4), inputs().get(5));
    called = true;
    return true;
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(called);
  }
}
