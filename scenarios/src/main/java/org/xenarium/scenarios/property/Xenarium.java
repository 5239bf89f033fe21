package org.xenarium.scenarios.property;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.scenarios.campaign.Property;
import org.xenarium.scenarios.vocabulary.Move;
import org.xenarium.scenarios.vocabulary.Setting;
import org.xenarium.scenarios.vocabulary.Vocabulary;

/**
 * Where a property begins.
 *
 * <pre>{@code
 * @Property
 * void all_is_well(@ForAll Setting setting, @ForAll List<Move> moves) {
 *   Xenarium.check(setting, moves);
 * }
 * }</pre>
 */
public final class Xenarium {
  private Xenarium() {}

  /** Settings on Xen 4.17 for Arm, with the driver that Zephyr's documentation promises. */
  public static SettingArbitrary settings() {
    return SettingArbitrary.of(new Semantics(Release.V4_17, SecurityPolicy.DUMMY));
  }

  /** Moves of all of Xenarium's own verbs. */
  public static MovesArbitrary moves() {
    return moves(Vocabulary.standard());
  }

  /** Moves of the verbs of a vocabulary. */
  public static MovesArbitrary moves(Vocabulary vocabulary) {
    return MovesArbitrary.of(vocabulary);
  }

  /** Begins to say what is to be checked in a setting. */
  public static Check in(Setting setting) {
    return Check.in(setting);
  }

  /**
   * A property of your own, of states. It is a {@link Property}, too, under a name that does not meet that of jqwik's annotation.
   *
   * @param name small letters and hyphens
   * @param statement what holds, as a sentence
   * @param violation what does not hold in a state in which no move is being made; empty when all is well
   */
  public static Property property(String name, String statement, Function<Machine, Optional<String>> violation) {
    return Property.of(name, statement, machine -> Objects.requireNonNull(violation.apply(machine),
        () -> "the property " + name + " answers null: where all is well the answer is Optional.empty()"));
  }

  /**
   * What every driver has to keep whatever it has inside, for {@link Check#that}: G2 to G5 of the guest invariants. It is among those that hold if
   * nothing else is said.
   */
  public static Property driverPromises() {
    return DriverPromises.KEPT;
  }

  /**
   * Plays moves and sees that these properties hold; all of Xenarium's own ones if none is given.
   *
   * @throws AssertionError with what was found and the moves as a scenario, which is saved, too
   */
  public static void check(Setting setting, List<Move> moves, Property... properties) {
    Check.in(setting).that(properties).holdsFor(moves);
  }
}
