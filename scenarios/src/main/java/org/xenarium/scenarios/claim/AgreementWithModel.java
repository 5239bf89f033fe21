package org.xenarium.scenarios.claim;

import java.util.function.Consumer;
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
    ModelWatch watch = ReferenceModel.follow(
        run.stage().machine(), difference -> findings.accept(new Finding(name(), Watched.MODEL, difference.toString())));
    run.watch(new RunWatcher() {
      @Override
      public void finished() {
        watch.audit();
      }
    });
  }
}
