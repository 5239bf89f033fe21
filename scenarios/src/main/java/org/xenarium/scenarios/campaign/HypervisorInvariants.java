package org.xenarium.scenarios.campaign;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.util.function.Consumer;
import org.xenarium.gnttab.invariant.Findings;
import org.xenarium.gnttab.invariant.Invariant;
import org.xenarium.gnttab.invariant.Invariants;
import org.xenarium.gnttab.invariant.Violation;
import org.xenarium.gnttab.invariant.Watch;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.RunWatcher;

/**
 * Invariants of grant tables hold at every step.
 *
 * @param chosen which of them
 */
record HypervisorInvariants(String name, String statement, ImmutableSet<Invariant> chosen) implements Property {
  /** Some of them under a name of their own. */
  static Property of(String name, String statement, Invariant first, Invariant... others) {
    return new HypervisorInvariants(name, statement, Sets.immutableEnumSet(first, others));
  }

  @Override
  public void observe(Run run, Consumer<Finding> findings) {
    Watch watch = Invariants.watch(run.stage().machine(), chosen, new Findings() {
      @Override
      public void violated(Violation violation) {
        findings.accept(new Finding(name, violation.invariant().id(), violation.toString()));
      }
    });
    run.watch(new RunWatcher() {
      @Override
      public void finished() {
        watch.audit();
      }
    });
  }
}
