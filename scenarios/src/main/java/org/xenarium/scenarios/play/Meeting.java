package org.xenarium.scenarios.play;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.scenarios.script.Progress;

/** Waits until every program that names the barrier has come to it; those that can come no more are not waited for. */
final class Meeting extends Activity {
  private final Plan plan;

  Meeting(int index, Inputs inputs, Plan plan) {
    super(index, inputs);
    this.plan = plan;
  }

  @Override
  public boolean isWaiting(Vcpu vcpu) {
    Notes notes = Notes.of(vcpu.world());
    for (int step : plan.barrier(inputs().get(0))) {
      if (notes.progress(step) == Progress.TO_COME && canCome(vcpu, step)) {
        return true;
      }
    }
    return false;
  }

  private boolean canCome(Vcpu vcpu, int step) {
    @Nullable Domain domain = vcpu.world().domain(plan.domid(step));
    if (domain == null || domain.life() != Life.ALIVE) {
      return false;
    }
    Vcpu other = domain.vcpu(plan.step(step).by().orElseThrow().vcpu());
    return !other.isStuck() && !other.isHalted();
  }

  @Override
  public boolean step(Vcpu vcpu) {
    return isWaiting(vcpu);
  }
}
