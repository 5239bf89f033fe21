package org.xenarium.scenarios.claim;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.Machine;
import org.xenarium.gnttab.model.Differences;
import org.xenarium.gnttab.model.ModelWatch;
import org.xenarium.gnttab.model.ReferenceModel;
import org.xenarium.scenarios.campaign.Finding;
import org.xenarium.scenarios.campaign.Property;
import org.xenarium.scenarios.campaign.Tally;
import org.xenarium.scenarios.script.Watched;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.RunWatcher;

/** The machine and the reference model agree on who may reach which frame. */
final class AgreementWithModel implements Property {
  /** What is known of the run that those looked at are copies of; null if nothing is. */
  private final @Nullable ModelWatch beginning;

  AgreementWithModel() {
    this(null);
  }

  private AgreementWithModel(@Nullable ModelWatch beginning) {
    this.beginning = beginning;
  }

  @Override
  public Property beginningWith(Run run) {
    return new AgreementWithModel(ReferenceModel.survey(run.stage().machine()));
  }

  @Override
  public String name() {
    return "reference-model";
  }

  @Override
  public String statement() {
    return "who may reach which frame, how, and until when, is what the reference model says";
  }

  @Override
  public void observe(Run run, Consumer<Finding> findings, Tally tally) {
    Machine machine = run.stage().machine();
    Differences differences = difference -> findings.accept(new Finding(name(), Watched.MODEL, difference.toString()));
    ModelWatch watch = beginning == null ? ReferenceModel.follow(machine, differences) : beginning.copy(machine, differences);
    run.watch(new RunWatcher() {
      @Override
      public void finished() {
        watch.audit();
      }
    });
  }
}
