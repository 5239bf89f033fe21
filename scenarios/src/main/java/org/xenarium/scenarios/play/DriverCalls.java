package org.xenarium.scenarios.play;

import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.driver.EndAccess;
import org.xenarium.gnttab.driver.GrantAccess;
import org.xenarium.gnttab.driver.InitDriver;

/** A call of the guest's grant driver whose arguments are plain numbers. */
final class DriverCalls extends Activity {
  private Routine call;

  private DriverCalls(int index, Inputs inputs, Routine call) {
    super(index, inputs);
    this.call = call;
  }

  static DriverCalls of(int index, Inputs inputs) {
    Routine call =
        switch (inputs.operation()) {
          case INIT -> new InitDriver();
          case GRANT_ACCESS -> new GrantAccess((int) inputs.get(0), inputs.get(1), inputs.get(2) != 0);
          case END_ACCESS -> new EndAccess((int) inputs.get(0));
          default -> throw new IllegalStateException(inputs.operation().spelling() + " is no call of the driver");
        };
    return new DriverCalls(index, inputs, call);
  }

  @Override
  public boolean isWaiting(Vcpu vcpu) {
    return call.isWaiting(vcpu);
  }

  @Override
  public boolean step(Vcpu vcpu) {
    return call.step(vcpu) || returns(vcpu, vcpu.x(0));
  }

  @Override
  public Routine copy() {
    DriverCalls copy = (DriverCalls) super.copy();
    copy.call = call.copy();
    return copy;
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    call.digest(digest);
  }
}
