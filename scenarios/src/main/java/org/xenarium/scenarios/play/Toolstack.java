package org.xenarium.scenarios.play;

import org.xenarium.emulator.Machine;
import org.xenarium.scenarios.script.Step;

/** What is done to domains from outside. */
final class Toolstack {
  private Toolstack() {}

  /** Does it to the listed domain with that id; one that has disappeared is left alone. */
  static void perform(Machine machine, Step step, long domid) {
    if (machine.world().domain((int) domid) == null) {
      return;
    }
    switch (step.operation()) {
      case DESTROY -> machine.destroyDomain((int) domid);
      default -> throw new IllegalStateException("the toolstack does not " + step.operation().spelling());
    }
  }
}
