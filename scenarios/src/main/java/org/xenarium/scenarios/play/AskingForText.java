package org.xenarium.scenarios.play;

import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.gnttab.driver.GnttabOpError;
import org.xenarium.gnttab.driver.GrantDriver;

/** {@code gnttabop_error}: what it returns is the text, kept as the status that it is the text of. It is the same in all versions of the driver. */
final class AskingForText extends Activity {
  AskingForText(int index, Inputs inputs) {
    super(index, inputs);
  }

  @Override
  public boolean step(Vcpu vcpu) {
    // Throws where the guest's kernel has no driver.
    GrantDriver.of(vcpu.domain());
    return returns(vcpu, GnttabOpError.textNumber((int) inputs().get(0)));
  }
}
