package org.xenarium.scenarios.vocabulary;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.xenarium.emulator.state.Generator;

/** Everything that can be done, and how often it is. */
public final class Vocabulary {
  /**
   * A verb that is drawn so often.
   *
   * @param weight against the weights of the others
   */
  public record Weighted(Verb verb, int weight) {}

  /** How many moves are the toolstack's, of this many. */
  private static final int OUTSIDE = 40;

  /** How many runs begin with a crowded table, of this many. */
  private static final int CROWDED = 4;

  /** References that guests can hand out whose table has one frame. */
  private static final int MOST_REFERENCES = 504;

  private final ImmutableList<Weighted> verbs;

  private Vocabulary(List<Weighted> verbs) {
    this.verbs = ImmutableList.copyOf(verbs);
  }

  /** All of Xenarium's own verbs. */
  public static Vocabulary standard() {
    List<Weighted> all = new ArrayList<>();
    all.addAll(DriverVerbs.all());
    all.addAll(EntryVerbs.all());
    all.addAll(GrantVerbs.all());
    all.addAll(MemoryVerbs.all());
    all.addAll(PhysmapVerbs.all());
    all.addAll(EventVerbs.all());
    all.addAll(RegisterVerbs.all());
    all.addAll(LifeVerbs.all());
    all.addAll(FaultVerbs.all());
    return new Vocabulary(all);
  }

  /** These and one more. */
  public Vocabulary with(Verb verb, int weight) {
    return new Vocabulary(ImmutableList.<Weighted>builder().addAll(verbs).add(new Weighted(verb, weight)).build());
  }

  /**
   * Those with that name left out.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public Vocabulary without(String name) {
    weighted(name);
    return new Vocabulary(verbs.stream().filter(weighted -> !weighted.verb().name().equals(name)).toList());
  }

  /**
   * Those with these names only.
   *
   * @throws IllegalArgumentException for a name that none has
   */
  public Vocabulary only(String... names) {
    Vocabulary only = new Vocabulary(List.of());
    for (String name : names) {
      only = new Vocabulary(ImmutableList.<Weighted>builder().addAll(only.verbs).addAll(weighted(name)).build());
    }
    return only;
  }

  private List<Weighted> weighted(String name) {
    List<Weighted> found = verbs.stream().filter(weighted -> weighted.verb().name().equals(name)).toList();
    if (found.isEmpty()) {
      throw unknown(name);
    }
    return found;
  }

  public ImmutableList<Weighted> verbs() {
    return verbs;
  }

  /** The verb of that name. */
  public Verb verb(String name) {
    return verbs.stream().map(Weighted::verb).filter(verb -> verb.name().equals(name)).findFirst()
        .orElseThrow(() -> unknown(name));
  }

  /** Names in which it is, or that are in it, first. */
  private IllegalArgumentException unknown(String name) {
    List<String> names = verbs.stream().map(weighted -> weighted.verb().name()).sorted().toList();
    List<String> near = names.stream().filter(known -> known.contains(name) || name.contains(known)).toList();
    String meant = near.isEmpty() ? "" : "; near to it: " + String.join(", ", near);
    return new IllegalArgumentException("there is no verb " + name + meant + "; there are: " + String.join(", ", names));
  }

  /**
   * The moves that a run begins with: each domain's driver starts, which makes its table visible. Now and then one of them has handed out
   * nearly all of its references by then.
   *
   * @param seed the same seed gives the same moves
   */
  public List<Move> beginning(Setting setting, long seed) {
    List<Move> moves = beginning(setting);
    Dice dice = new Dice.Thrown(new Generator(seed));
    int actor = dice.below(setting.actors());
    if (dice.oneIn(CROWDED) && setting.manner(actor) == Manner.DRIVER) {
      moves.addAll(Collections.nCopies(MOST_REFERENCES - dice.below(4), new Move(actor, verb("grant_access"))));
    }
    return moves;
  }

  /** The moves that every run begins with: each domain's driver starts, which makes its table visible. */
  public List<Move> beginning(Setting setting) {
    List<Move> moves = new ArrayList<>();
    int actor = 0;
    for (var domain : setting.scenario().domains()) {
      moves.add(new Move(actor, verb("init")));
      actor += domain.vcpus();
    }
    return moves;
  }

  /** Draws what is used in one run: a swarm, in which some verbs are missing and some are frequent. */
  Swarm swarm(Setting setting, Dice dice) {
    return new Swarm(this, setting, dice, OUTSIDE);
  }
}
