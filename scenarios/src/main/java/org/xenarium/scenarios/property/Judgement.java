package org.xenarium.scenarios.property;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Life;
import org.xenarium.scenarios.campaign.Finding;
import org.xenarium.scenarios.campaign.Tally;
import org.xenarium.scenarios.script.Progress;
import org.xenarium.scenarios.vocabulary.Manner;
import org.xenarium.scenarios.vocabulary.Run;

/** Whose calls are held to the promises of drivers, and where it is told what they break. */
record Judgement(Run run, Tally tally, Consumer<Finding> findings) {
  /** The promise was put to the test so often. */
  void test(String promise, long times) {
    tally.count("driver-promises " + promise, times);
  }

  /** It does not hold. This does not come back. */
  void found(String promise, String message) {
    findings.accept(new Finding("driver-promises", promise, promise + " " + message));
  }

  /** The domain, if it has a driver of its own. Of Xenarium's own drivers more is known, which the guest invariants say. */
  @Nullable Domain judged(int domid) {
    Domain domain = run.stage().machine().world().domain(domid);
    return domain != null && domain.life() == Life.ALIVE && OwnDriver.isIn(domain) ? domain : null;
  }

  /** The domain of an actor whose call has ended so that it can be judged; else null. */
  @Nullable Domain judged(int actor, Progress progress) {
    boolean counts = progress == Progress.DONE && run.setting().manner(actor) == Manner.DRIVER;
    return counts ? judged(run.stage().domid(actor)) : null;
  }
}
