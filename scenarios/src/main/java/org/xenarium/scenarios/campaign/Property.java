package org.xenarium.scenarios.campaign;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.xenarium.emulator.Machine;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.RunWatcher;

/** Something that is to hold in every run. */
public interface Property {
  /** Its name, by which it is chosen: small letters and hyphens. */
  String name();

  /** What holds, as a sentence. */
  String statement();

  /**
   * Begins to look at a run, from the state that it is in. What does not hold is told at once; nothing more is looked at then.
   *
   * @param findings takes what does not hold; it does not come back
   * @param tally where may be counted how often what is to hold was put to the test
   */
  void observe(Run run, Consumer<Finding> findings, Tally tally);

  /** The same, to look at copies of this run, in which nothing is done from now on: what is to be found out of it need be found out only once. */
  default Property beginningWith(Run run) {
    return this;
  }

  /**
   * A property of states.
   *
   * @param violation what does not hold in a state of the machine in which no move is being made; empty when all is well
   */
  static Property of(String name, String statement, Function<Machine, Optional<String>> violation) {
    return new Property() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public String statement() {
        return statement;
      }

      @Override
      public void observe(Run run, Consumer<Finding> findings, Tally tally) {
        run.watch(new RunWatcher() {
          @Override
          public void played() {
            violation.apply(run.stage().machine()).ifPresent(message -> findings.accept(new Finding(name, name, message)));
          }

          @Override
          public void finished() {
            played();
          }
        });
      }
    };
  }
}
