package org.xenarium.scenarios.property;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.PerProperty;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.trace.Trace;
import org.xenarium.gnttab.driver.DriverVersion;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.scenarios.play.Player;
import org.xenarium.scenarios.script.Scenario;
import org.xenarium.scenarios.script.ScenarioReader;
import org.xenarium.scenarios.vocabulary.Manner;
import org.xenarium.scenarios.vocabulary.Move;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.Setting;
import org.xenarium.scenarios.vocabulary.Verb;
import org.xenarium.scenarios.vocabulary.Vocabulary;

/** The kit itself: what it draws can be played, also in part, and what it finds is the same each time. */
class KitProperties {
  private static final List<Verb> VERBS = Vocabulary.standard().verbs().stream().map(Vocabulary.Weighted::verb).toList();

  /** Something that does not hold for long. */
  private static final org.xenarium.scenarios.campaign.Property NOTHING_IS_MAPPED =
      org.xenarium.scenarios.campaign.Property.of("nothing-mapped", "nobody maps anything", KitProperties::mapped);

  private static Optional<String> mapped(Machine machine) {
    return machine.world().domains().stream()
        .filter(domain -> GrantTable.of(domain).maptrack().isLive(0))
        .map(domain -> "domain " + domain.id() + " maps something")
        .findFirst();
  }

  @Property(tries = 100)
  void any_part_of_a_list_can_be_played(@ForAll Setting setting, @ForAll List<Move> moves, @ForAll @IntRange(max = 30) int first,
      @ForAll @IntRange(min = 2, max = 5) int nth) {
    Run run = Run.of(setting);
    IntStream.range(0, moves.size()).filter(i -> i >= first && i % nth != 0).forEach(i -> run.play(moves.get(i)));
    run.finish();
  }

  @Property(tries = 100)
  void whatever_a_list_shrinks_to_can_be_played(@ForAll Setting setting, @ForAll("few") List<Move> moves) {
    new ShrinkableMoves(VERBS, moves).shrink().limit(40).forEach(shrunk -> {
      Run run = Run.of(setting);
      shrunk.value().forEach(run::play);
      run.finish();
    });
  }

  @Property(tries = 300, seed = "1")
  void the_promised_driver_on_a_faithful_xen_holds_all_of_it(@ForAll Setting setting, @ForAll List<Move> moves) {
    Xenarium.check(setting, moves);
  }

  @Property(tries = 100)
  void the_same_sample_makes_the_same_file(@ForAll Setting setting, @ForAll List<Move> moves) {
    Optional<Counterexample> one = Check.in(setting).that(NOTHING_IS_MAPPED).counterexample(moves);
    Optional<Counterexample> two = Check.in(setting).that(NOTHING_IS_MAPPED).counterexample(moves);
    assertThat(one.map(Counterexample::yaml)).isEqualTo(two.map(Counterexample::yaml));
  }

  @Property(tries = 100)
  void what_is_saved_can_be_read_and_played(@ForAll Setting setting, @ForAll List<Move> moves) throws Exception {
    Optional<Counterexample> found = Check.in(setting).that(NOTHING_IS_MAPPED).counterexample(moves);
    if (found.isPresent()) {
      Scenario read = ScenarioReader.read("saved.yaml", found.get().yaml());
      assertThat(read.steps()).hasSize(found.get().size());
      Player.play(read, Trace.NONE);
    }
  }

  @Property
  @PerProperty(Caught.class)
  void an_end_access_that_is_inverted_is_caught(@ForAll("v4") Setting setting, @ForAll List<Move> moves) {
    Xenarium.check(setting, moves);
  }

  @Property
  @PerProperty(Caught.class)
  void what_takes_three_grants_and_a_mapping_is_shown_by_little_more(@ForAll("guests") Setting setting, @ForAll List<Move> moves) {
    Xenarium.check(setting, moves, Xenarium.property("below-10", "nobody maps reference 10 of domain 1", machine -> {
      boolean mapped = GrantTable.of(machine.domain(1)).active().nextPinned(10) >= 0;
      return mapped ? Optional.of("mapped") : Optional.empty();
    }));
  }

  @Provide
  Arbitrary<Setting> guests() {
    return Xenarium.settings().manners(Manner.DRIVER, Manner.CAREFUL);
  }

  @Provide
  Arbitrary<Setting> v4() {
    return Xenarium.settings().driver(DriverVersion.V4);
  }

  @Provide
  Arbitrary<List<Move>> few() {
    return Xenarium.moves().atMost(12);
  }
}
