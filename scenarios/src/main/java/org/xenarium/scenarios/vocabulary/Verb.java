package org.xenarium.scenarios.vocabulary;

import java.util.EnumSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A kind of move. Own ones are made with {@link #of}: what they do they do through their {@link Turn}, with numbers that they draw from it.
 *
 * <pre>{@code
 * Verb twice = Verb.of("end twice", Manner.DRIVER::equals, turn -> {
 *   Knowledge.Grant grant = turn.grant(any -> any.byDriver());
 *   if (grant != null) {
 *     turn.call(Operation.END_ACCESS).with(grant.ref()).play();
 *   }
 * });
 * }</pre>
 */
public interface Verb {
  /** Its name, for people. */
  String name();

  /** Whether guests of that manner do it. */
  boolean suits(Manner manner);

  /** Whether it is done to domains from outside, by no guest. */
  default boolean isOutside() {
    return false;
  }

  /** Does it, with one call at most; nothing when it makes no sense in this state. */
  void play(Turn turn);

  /** A verb of guests. */
  static Verb of(String name, Predicate<Manner> suits, Consumer<Turn> play) {
    EnumSet<Manner> manners = EnumSet.allOf(Manner.class);
    manners.removeIf(suits.negate());
    return new Verb() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public boolean suits(Manner manner) {
        return manners.contains(manner);
      }

      @Override
      public void play(Turn turn) {
        play.accept(turn);
      }
    };
  }

  /** A verb of the toolstack. */
  static Verb outside(String name, Consumer<Turn> play) {
    return new Verb() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public boolean suits(Manner manner) {
        return false;
      }

      @Override
      public boolean isOutside() {
        return true;
      }

      @Override
      public void play(Turn turn) {
        play.accept(turn);
      }
    };
  }
}
