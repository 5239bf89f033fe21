package org.xenarium.scenarios.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.gnttab.driver.DriverVersion;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.vocabulary.Call;
import org.xenarium.scenarios.vocabulary.Move;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.Setting;
import org.xenarium.scenarios.vocabulary.Verb;

/** A preempted batch counts when it was preempted, and not because it was to be. */
class BatchPreemptedTest {
  /** Beyond what any guest has. */
  private static final long NOWHERE = 1L << 52;

  private static int times(UnaryOperator<Call> batch, boolean preempted) {
    Run run = Run.of(Setting.drawn(new Semantics(Release.V4_23_DEV, SecurityPolicy.DUMMY), DriverVersion.CONTRACT, 1));
    AtomicInteger times = new AtomicInteger();
    new BatchPreempted().observe(run, times::incrementAndGet);
    if (preempted) {
      run.play(new Move(0, Verb.of("preempt", any -> true, turn -> turn.call(Operation.PREEMPT).with(0).play())));
    }
    run.play(new Move(0, Verb.of("map", any -> true, turn -> {
      Call call = turn.call(Operation.MAP).asBatch();
      for (int i = 0; i < 3; i++) {
        call.with(1).with(8).with(0).with(0);
      }
      batch.apply(call).play();
    })));
    run.finish();
    return times.get();
  }

  @Test
  void one_that_was_preempted_and_came_to_its_end_counts_whatever_became_of_its_elements() {
    assertThat(times(call -> call, true)).isEqualTo(1);
    assertThat(times(call -> call, false)).isZero();
  }

  @Test
  void one_that_failed_before_it_could_be_preempted_does_not() {
    assertThat(times(call -> call.at(NOWHERE), true)).isZero();
    assertThat(times(call -> call.told(0), true)).isZero();
  }
}
