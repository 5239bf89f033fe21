package org.xenarium.scenarios.play;

import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;

/** What a vCPU does with interrupts, and when one is to preempt a hypercall: one step each, and one more after a wait. */
final class Interrupts extends Activity {
  private boolean waited;

  Interrupts(int index, Inputs inputs) {
    super(index, inputs);
  }

  @Override
  public boolean step(Vcpu vcpu) {
    switch (operation()) {
      case HANDLE_UPCALLS -> {
        vcpu.upcalls().install(new EventCounter(inputs().get(0), inputs().get(1)));
        vcpu.upcalls().enable(true);
      }
      case INTERRUPTS -> vcpu.upcalls().enable(inputs().get(0) != 0);
      case IRQ_LOCK -> vcpu.setInterruptMasks(vcpu.interruptMasks() + 1);
      case IRQ_UNLOCK -> vcpu.setInterruptMasks(Math.max(0, vcpu.interruptMasks() - 1));
      case PREEMPT -> vcpu.preemptAfter(inputs().get(0));
      default -> {
        return waits(vcpu);
      }
    }
    return false;
  }

  private boolean waits(Vcpu vcpu) {
    if (!waited) {
      vcpu.upcalls().waitForEvent();
      waited = true;
      return true;
    }
    return false;
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(waited);
  }
}
