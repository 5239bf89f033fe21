package org.xenarium.scenarios.play;

import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;

/** Does nothing for a time. */
final class Sleeping extends Activity {
  private boolean slept;

  Sleeping(int index, Inputs inputs) {
    super(index, inputs);
  }

  @Override
  public boolean step(Vcpu vcpu) {
    if (slept) {
      return false;
    }
    vcpu.sleep(inputs().get(0));
    slept = true;
    return true;
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(slept);
  }
}
