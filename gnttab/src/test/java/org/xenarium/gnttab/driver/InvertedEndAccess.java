package org.xenarium.gnttab.driver;

import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;

/**
 * end_access with its test the wrong way round, as in Zephyr's drivers since 3.x (defect D-Z1): a busy reference is given back and reported as
 * ended, a cleared one is kept.
 */
final class InvertedEndAccess extends DriverCall {
  private final int ref;
  private final EndAccess inner;

  InvertedEndAccess(int ref) {
    this.ref = ref;
    inner = new EndAccess(ref);
  }

  @Override
  public boolean step(Vcpu vcpu) {
    if (inner.step(vcpu)) {
      return true;
    }
    if (vcpu.x(0) == EndAccess.BUSY) {
      driver(vcpu).push(ref);
      vcpu.setX(0, 0);
    }
    return false;
  }

  @Override
  public void digest(Digest digest) {
    inner.digest(digest);
  }
}
