package first;

import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Provide;
import org.xenarium.scenarios.campaign.Finding;
import org.xenarium.scenarios.campaign.Property;
import org.xenarium.scenarios.campaign.Tally;
import org.xenarium.scenarios.property.Xenarium;
import org.xenarium.scenarios.script.Column;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Progress;
import org.xenarium.scenarios.vocabulary.Call;
import org.xenarium.scenarios.vocabulary.Manner;
import org.xenarium.scenarios.vocabulary.Move;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.RunWatcher;
import org.xenarium.scenarios.vocabulary.Setting;

class OwnWatchProperties {
  @net.jqwik.api.Property(tries = 300, seed = "1")
  void nothing_reserved_is_granted(@ForAll("guests") Setting setting, @ForAll List<Move> moves) {
    Xenarium.in(setting).withDriver(1, SmallDriver::new).andThat(new NothingReserved()).holdsFor(moves);
  }

  private static final class NothingReserved implements Property {
    @Override
    public String name() {
      return "nothing-reserved";
    }

    @Override
    public String statement() {
      return "grant_access hands out no reference that is reserved";
    }

    @Override
    public void observe(Run run, Consumer<Finding> findings, Tally tally) {
      tally.count("references handed out", 0);
      run.watch(new RunWatcher() {
        @Override
        public void ended(int actor, Call call, Progress progress) {
          if (call.operation() == Operation.GRANT_ACCESS && progress == Progress.DONE) {
            long ref = run.result(actor, Column.RETURNS);
            tally.count("references handed out", 1);
            if (ref > 0 && ref < SmallDriver.RESERVED) {
              findings.accept(new Finding(name(), "reserved", "reference " + ref + " was handed out"));
            }
          }
        }
      });
    }
  }

  @Provide
  Arbitrary<Setting> guests() {
    return Xenarium.settings().manners(Manner.DRIVER, Manner.CAREFUL);
  }
}
