package org.xenarium.scenarios.vocabulary;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The verbs of one run with the weights that they have in it. */
final class Swarm {
  private static final int MISSING = 0;

  private final int actors;
  private final int outsideOneIn;
  private final List<Choice> byManner = new ArrayList<>();
  private final Choice outside;
  private final Setting setting;

  Swarm(Vocabulary vocabulary, Setting setting, Dice dice, int outsideOneIn) {
    this.setting = setting;
    actors = setting.actors();
    this.outsideOneIn = outsideOneIn;
    int[] weights = new int[vocabulary.verbs().size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = vocabulary.verbs().get(i).weight() * dice.of(1, 1, 1, 1, 4, MISSING);
    }
    for (Manner manner : Manner.values()) {
      byManner.add(new Choice(vocabulary, weights, manner, false));
    }
    outside = new Choice(vocabulary, weights, Manner.WILD, true);
  }

  /** Who makes the next move: the number of actors stands for the toolstack. */
  int actor(Dice dice) {
    return dice.below(outsideOneIn) == 0 && !outside.isEmpty() ? actors : dice.below(actors);
  }

  /** What that actor does; null when this run has no verb for it. */
  @Nullable Verb verb(int actor, Dice dice) {
    return actor == actors ? outside.verb(dice) : byManner.get(setting.manner(actor).ordinal()).verb(dice);
  }

  /** Verbs by cumulated weights. */
  private static final class Choice {
    private final List<Verb> verbs = new ArrayList<>();
    private final List<Integer> bounds = new ArrayList<>();
    private int total;

    Choice(Vocabulary vocabulary, int[] weights, Manner manner, boolean outside) {
      for (int i = 0; i < weights.length; i++) {
        Verb verb = vocabulary.verbs().get(i).verb();
        if (weights[i] > 0 && (outside ? verb.isOutside() : !verb.isOutside() && verb.suits(manner))) {
          total += weights[i];
          verbs.add(verb);
          bounds.add(total);
        }
      }
    }

    boolean isEmpty() {
      return verbs.isEmpty();
    }

    @Nullable Verb verb(Dice dice) {
      if (isEmpty()) {
        return null;
      }
      int number = dice.below(total);
      int index = 0;
      while (bounds.get(index) <= number) {
        index++;
      }
      return verbs.get(index);
    }
  }
}
