package org.xenarium.scenarios.play;

import org.xenarium.emulator.domain.Access;
import org.xenarium.emulator.domain.Vcpu;

/** Looks at four bytes of memory again and again until they have a value. Looks that see another value are no steps. */
final class Awaiting extends Activity {
  Awaiting(int index, Inputs inputs) {
    super(index, inputs);
  }

  @Override
  public boolean isWaiting(Vcpu vcpu) {
    long address = inputs().get(0);
    return vcpu.access(address, false) == Access.DONE && Answers.memory(vcpu.domain(), address, 4) != (inputs().get(1) & 0xffff_ffffL);
  }

  @Override
  public boolean step(Vcpu vcpu) {
    if (isWaiting(vcpu)) {
      return true;
    }
    vcpu.load(inputs().get(0), 4);
    hasFaulted(vcpu, inputs().get(0), 4, false);
    return false;
  }
}
