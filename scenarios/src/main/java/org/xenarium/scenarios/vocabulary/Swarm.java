package org.xenarium.scenarios.vocabulary;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The verbs of one run with the weights that they have in it. */
final class Swarm {
  private static final int MISSING = 0;

  private final int actors;
  private final int outsideOneIn;
  private final Choice[] byActor;
  private final Choice outside;

  Swarm(Vocabulary vocabulary, Setting setting, Dice dice, int outsideOneIn) {
    actors = setting.actors();
    this.outsideOneIn = outsideOneIn;
    int[] weights = new int[vocabulary.verbs().size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = vocabulary.verbs().get(i).weight() * dice.of(1, 1, 1, 1, 4, MISSING);
    }
    EnumMap<Manner, Choice> byManner = new EnumMap<>(Manner.class);
    for (Manner manner : Manner.values()) {
      byManner.put(manner, new Choice(vocabulary, weights, manner, false));
    }
    byActor = IntStream.range(0, actors).mapToObj(actor -> byManner.get(setting.manner(actor))).toArray(Choice[]::new);
    outside = new Choice(vocabulary, weights, Manner.WILD, true);
  }

  /** Who makes the next move: the number of actors stands for the toolstack. */
  int actor(Dice dice) {
    return dice.below(outsideOneIn) == 0 && !outside.isEmpty() ? actors : dice.below(actors);
  }

  /** What that actor does; null when this run has no verb for it. */
  @Nullable Verb verb(int actor, Dice dice) {
    return (actor == actors ? outside : byActor[actor]).verb(dice);
  }

  /** Each verb as often as its weight says. */
  private static final class Choice {
    private final Verb[] verbs;

    Choice(Vocabulary vocabulary, int[] weights, Manner manner, boolean outside) {
      Verb[] all = new Verb[IntStream.of(weights).sum()];
      int count = 0;
      for (int i = 0; i < weights.length; i++) {
        Verb verb = vocabulary.verbs().get(i).verb();
        if (outside ? verb.isOutside() : !verb.isOutside() && verb.suits(manner)) {
          Arrays.fill(all, count, count + weights[i], verb);
          count += weights[i];
        }
      }
      verbs = Arrays.copyOf(all, count);
    }

    boolean isEmpty() {
      return verbs.length == 0;
    }

    @Nullable Verb verb(Dice dice) {
      return isEmpty() ? null : verbs[dice.below(verbs.length)];
    }
  }
}
