package org.xenarium.scenarios.property;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.gnttab.driver.DriverVersion;
import org.xenarium.scenarios.script.Area;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.vocabulary.Manner;
import org.xenarium.scenarios.vocabulary.Move;
import org.xenarium.scenarios.vocabulary.Setting;
import org.xenarium.scenarios.vocabulary.Verb;
import org.xenarium.scenarios.vocabulary.Vocabulary;

/** What a check says of guests with drivers of their own, and what "held" rests on. */
class CheckTest {
  private static final Semantics XEN = new Semantics(Release.V4_17, SecurityPolicy.DUMMY);
  private static final Setting SETTING = plain();
  private static final Vocabulary WORDS = Vocabulary.standard();

  /** Does that in grant_access, and nothing else. */
  private record Granting(Grant grant) implements GuestDriver {
    interface Grant {
      int by(GuestApi guest);
    }

    @Override
    public GuestDriver copy() {
      return this;
    }

    @Override
    public int grantAccess(GuestApi guest, int domid, long gfn, boolean readonly) {
      return grant.by(guest);
    }

    /** Writes the entry of reference 9 as it is asked to by the plainest move: for domain 2, or 1 if it is domain 2 itself. */
    static int plainly(GuestApi guest) {
      guest.store(guest.entry(9) + 2, 2, 3 - guest.domid());
      guest.store(guest.entry(9) + 4, 4, Area.RAM.first());
      guest.store(guest.entry(9), 2, 1);
      return 9;
    }
  }

  private static Setting plain() {
    Setting setting = Setting.drawn(XEN, DriverVersion.CONTRACT, 1);
    while (!setting.plainer().isEmpty()) {
      setting = setting.plainer().get(0);
    }
    return new Setting(setting.scenario(), List.of(Manner.DRIVER, Manner.DRIVER), false);
  }

  private static List<Move> moves(String... verbs) {
    List<Move> all = new ArrayList<>(WORDS.beginning(SETTING));
    for (String verb : verbs) {
      all.add(new Move(0, WORDS.verb(verb)));
    }
    return all;
  }

  private static Check with(Granting.Grant grant) {
    return Xenarium.in(SETTING).withDriver(1, () -> new Granting(grant));
  }

  private static Optional<String> found(Check check, List<Move> moves) {
    return check.counterexample(moves).map(found -> found.finding().message());
  }

  @Test
  void a_driver_that_panics_does_not_hold() {
    assertThat(with(guest -> {
      throw guest.panic("no");
    }).counterexample(moves("grant_access")).map(Counterexample::finding)).hasValueSatisfying(finding -> {
      assertThat(finding.property()).isEqualTo("driver-survives");
      assertThat(finding.what()).isEqualTo("grant_access");
    });
  }

  @Test
  void a_driver_that_waits_for_somebody_who_does_not_come_is_found() {
    Granting.Grant spins = guest -> {
      while (guest.load(guest.entry(9), 2) == 0) {
        assertThat(guest.domid()).isEqualTo(1);
      }
      return 9;
    };
    assertThat(found(with(spins), moves("grant_access"))).hasValue("grant_access has not come to its end after 2000 accesses");
  }

  @Test
  void what_is_wrong_with_a_driver_is_found_even_if_it_catches_everything() {
    assertThat(found(with(catching(guest -> {
      while (guest.load(guest.entry(9), 2) == 0) {
        assertThat(guest.domid()).isEqualTo(1);
      }
      return 9;
    })), moves("grant_access"))).hasValue("grant_access has not come to its end after 2000 accesses");
    assertThat(found(with(catching(guest -> (int) guest.load(guest.entry(9), 3))), moves("grant_access"))).hasValue(
        "grant_access: an access has 1, 2, 4 or 8 bytes, not 3");
  }

  private static Granting.Grant catching(Granting.Grant grant) {
    return guest -> {
      try {
        return grant.by(guest);
      } catch (RuntimeException e) {
        return -1;
      }
    };
  }

  @Test
  void a_driver_that_inherits_its_copy_is_refused_before_anything_is_played() {
    GuestDriver inherits = new GuestDriver() {
      @Override
      public GuestDriver copy() {
        return new Granting(guest -> 9);
      }
    };
    assertThatThrownBy(() -> Xenarium.in(SETTING).withDriver(() -> inherits)).isInstanceOf(DriverBrokenException.class)
        .hasMessageContaining(".copy() gives a CheckTest$Granting");
  }

  @Test
  @SuppressWarnings("NullAway")
  void a_property_that_answers_null_is_told_so() {
    assertThatThrownBy(() -> Xenarium.in(SETTING).that(Xenarium.property("mine", "all is well", machine -> null)).counterexample(moves()))
        .hasMessage("the property mine answers null: where all is well the answer is Optional.empty()");
  }

  @Test
  void a_verb_that_makes_two_calls_is_told_so() {
    Verb twice = Verb.of("twice", any -> true, turn -> {
      turn.call(Operation.GRANT_ACCESS).with(2).with(turn.ramPage()).with(0).play();
      turn.call(Operation.GRANT_ACCESS).with(2).with(turn.ramPage()).with(0).play();
    });
    Setting interleaved = new Setting(SETTING.scenario(), SETTING.manners(), true);
    List<Move> moves = new ArrayList<>(moves());
    moves.add(new Move(0, twice, 2));
    assertThatThrownBy(() -> Xenarium.in(interleaved).counterexample(moves)).hasMessageStartingWith("a verb makes one call, and this one makes grant_access");
  }

  @Test
  void a_driver_for_a_domain_that_no_setting_has_is_refused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Xenarium.in(SETTING).withDriver(7, () -> new Granting(guest -> 9)))
        .withMessage("there is never a domain 7; those of settings are 1 to 3");
  }

  @Test
  void what_no_guest_can_ask_for_is_an_error_of_the_driver() {
    assertThat(found(with(guest -> (int) guest.compareAndSwap(guest.entry(9), 1, 0, 1)), moves("grant_access"))).hasValueSatisfying(
        message -> assertThat(message).endsWith("an access has 2, 4 or 8 bytes, not 1"));
    assertThat(found(with(guest -> (int) guest.load(guest.entry(9), 3)), moves("grant_access"))).hasValueSatisfying(
        message -> assertThat(message).endsWith("an access has 1, 2, 4 or 8 bytes, not 3"));
    assertThat(found(with(guest -> (int) guest.hypercall(17, 0, 0, 0, 0, 0, 6)), moves("grant_access"))).hasValueSatisfying(
        message -> assertThat(message).endsWith("a hypercall has at most 5 arguments, not 6"));
  }

  @Test
  void the_last_driver_that_a_domain_was_given_is_its_driver_and_others_keep_theirs() {
    Check both = Xenarium.in(SETTING).withDriver(() -> new Granting(guest -> {
      throw guest.panic("of all");
    }));
    List<Move> ofSecond = new ArrayList<>(WORDS.beginning(SETTING));
    ofSecond.add(new Move(1, WORDS.verb("grant_access")));
    assertThat(found(both.withDriver(1, () -> new Granting(guest -> -1)), moves("grant_access"))).isEmpty();
    assertThat(found(both.withDriver(1, () -> new Granting(guest -> -1)), ofSecond)).isPresent();
  }

  /**
   * A domain is destroyed and one of its domid is created, both with that driver.
   *
   * @param before whether the first one grants a page, too
   */
  private static Optional<Counterexample> later(boolean before, Granting.Grant grant) {
    Setting setting = withLaterDomain(1);
    List<Move> moves = new ArrayList<>(List.of(new Move(0, WORDS.verb("init")), new Move(1, WORDS.verb("init"))));
    if (before) {
      moves.add(new Move(1, WORDS.verb("grant_access")));
    }
    moves.add(new Move(3, WORDS.verb("destroy"), 0, 0, 0, 1));
    for (int i = 0; i < 8; i++) {
      moves.add(new Move(3, WORDS.verb("death_steps"), 0, 0, 0, 1, 5));
    }
    moves.add(new Move(3, WORDS.verb("create"), 0, 0, 0, 2));
    moves.add(new Move(2, WORDS.verb("init")));
    moves.add(new Move(2, WORDS.verb("grant_access")));
    return Xenarium.in(setting).withDriver(2, () -> new Granting(grant)).counterexample(moves);
  }

  private static Setting withLaterDomain(long seed) {
    Setting drawn = Setting.drawn(XEN, DriverVersion.CONTRACT, seed);
    boolean fits = drawn.scenario().domains().size() == 3 && drawn.actors() == 3 && drawn.scenario().domains().get(2).absent();
    return fits ? new Setting(drawn.scenario(), List.of(Manner.DRIVER, Manner.DRIVER, Manner.DRIVER), false) : withLaterDomain(seed + 1);
  }

  @Test
  void a_domain_that_is_created_later_has_the_driver_too_and_what_it_does_is_in_the_file() {
    Counterexample found = later(false, guest -> {
      guest.store(guest.entry(9) + 4, 4, 0x1234);
      throw guest.panic("here I am");
    }).orElseThrow();
    assertThat(found.finding().property()).isEqualTo("driver-survives");
    assertThat(found.remarks()).contains("domain 2 panics in grant_access: here I am");
    assertThat(found.yaml()).contains("- {by: C, w32: {addr: grants.0 + 76, val: 0x1234}}");
  }

  @Test
  void g2_a_domain_that_is_created_later_owns_none_of_the_references_of_the_earlier_one() {
    assertThat(later(true, Granting::plainly)).isEmpty();
  }

  @Test
  void a_file_that_does_not_watch_for_the_finding_says_so() {
    Counterexample ofOwnDriver = with(guest -> {
      throw guest.panic("no");
    }).counterexample(moves("grant_access")).orElseThrow();
    assertThat(ofOwnDriver.yaml()).contains("# it plays what was done; the finding itself is not watched for");
    assertThat(new PropertyRun("").keep(ofOwnDriver)).containsPattern(
        " steps lead to it: ./xenarium run .*yaml\nit plays what was done; the finding itself is not watched for\n\n");
  }

  @Test
  void what_is_told_of_is_the_smallest() {
    Check panics = with(guest -> {
      throw guest.panic("no");
    });
    Counterexample small = panics.counterexample(moves("grant_access")).orElseThrow();
    Counterexample large = panics.counterexample(moves("k_malloc", "grant_access")).orElseThrow();
    PropertyRun run = new PropertyRun("CheckTest.smallest");
    assertThat(run.keep(small)).isEqualTo(run.keep(large));
  }

  @Test
  void what_held_tells_how_often_each_call_was_played_and_what_was_put_to_the_test() {
    PropertyRun run = new PropertyRun("");
    assertThat(run.held()).isEmpty();
    with(Granting::plainly).counterexample(moves("grant_access", "map"), run.evidence());
    assertThat(run.held()).contains("1 try, 4 moves, of which 3 did something", "end_access 0", "grant_access 1", "driver-promises G2 1", "I19 ");
    assertThat(run.held().indexOf("end_access 0")).as("zeros first").isLessThan(run.held().indexOf("grant_access 1"));
  }
}
