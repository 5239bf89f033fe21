package org.xenarium.scenarios.property;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.ShrinkingDistance;
import org.xenarium.scenarios.vocabulary.Move;
import org.xenarium.scenarios.vocabulary.Verb;

/**
 * Moves that shrink: first many are left out at once, then one by one, then each becomes plainer, at last another verb that stands before its own
 * in the vocabulary. Whatever is left can be played. What a {@link Check} has found it has made smaller itself, together with the setting: then there is
 * nothing left to do.
 */
final class ShrinkableMoves implements Shrinkable<List<Move>> {
  /** What numbers are brought below: the verbs draw from few, so what remains mostly means the same. */
  private static final int[] BOUNDS = {2, 3, 4, 6, 8, 12, 16, 24, 64, 256};

  private final List<Verb> verbs;
  private final List<Move> moves;

  /**
   * Those moves.
   *
   * @param verbs that they are drawn from, the plainest first
   */
  ShrinkableMoves(List<Verb> verbs, List<Move> moves) {
    this.verbs = verbs;
    this.moves = List.copyOf(moves);
  }

  @Override
  public List<Move> value() {
    return moves;
  }

  @Override
  public Stream<Shrinkable<List<Move>>> shrink() {
    if (PropertyRun.current().isReduced()) {
      return Stream.empty();
    }
    return Stream.of(shorter(), withRolesChanged(), plainer(), withOtherVerbs()).flatMap(all -> all).map(plainer -> new ShrinkableMoves(verbs, plainer));
  }

  private Stream<List<Move>> shorter() {
    return lengths().boxed().flatMap(length -> starts(length).mapToObj(from -> {
      List<Move> rest = new ArrayList<>(moves);
      rest.subList(from, Math.min(moves.size(), from + length)).clear();
      return rest;
    }));
  }

  /** How many moves are left out at once: half of them, a quarter, …, one. */
  private IntStream lengths() {
    return IntStream.iterate((moves.size() + 1) / 2, length -> length >= 1 && !moves.isEmpty(), length -> length == 1 ? 0 : (length + 1) / 2);
  }

  /** The last ones first: what comes after the failure has to go in any case. */
  private IntStream starts(int length) {
    int last = (moves.size() - 1) / length;
    return IntStream.rangeClosed(0, last).map(i -> (last - i) * length);
  }

  /** Two actors change their roles throughout, so that those that are not needed are the last ones, and their domain can go. */
  private Stream<List<Move>> withRolesChanged() {
    int last = moves.stream().mapToInt(Move::actor).max().orElse(0);
    return IntStream.rangeClosed(0, last).boxed().flatMap(high -> IntStream.range(0, high).mapToObj(low ->
        moves.stream().map(move -> move.actor() == high ? move.by(low) : move.actor() == low ? move.by(high) : move).toList()))
        .filter(changed -> actors(changed) < actors(moves));
  }

  private static long actors(List<Move> moves) {
    return moves.stream().mapToLong(Move::actor).sum();
  }

  private Stream<List<Move>> plainer() {
    return changed(ShrinkableMoves::plainer);
  }

  private Stream<List<Move>> withOtherVerbs() {
    return changed(move -> verbs.stream().limit(place(move)).map(move::with));
  }

  private int place(Move move) {
    return Math.max(0, verbs.indexOf(move.verb()));
  }

  private Stream<List<Move>> changed(Function<Move, Stream<Move>> change) {
    return IntStream.range(0, moves.size()).boxed().flatMap(index -> change.apply(moves.get(index)).map(move -> {
      List<Move> changed = new ArrayList<>(moves);
      changed.set(index, move);
      return changed;
    }));
  }

  private static Stream<Move> plainer(Move move) {
    Stream<Move> fewer = IntStream.range(0, move.size()).mapToObj(move::first);
    Stream<Move> by = IntStream.range(0, move.actor()).mapToObj(move::by);
    Stream<Move> smaller = IntStream.range(0, move.size()).boxed()
        .flatMap(index -> smaller(move.number(index)).stream().map(number -> move.with(index, number)));
    return Stream.of(fewer, by, smaller).flatMap(all -> all);
  }

  private static Set<Integer> smaller(int number) {
    Set<Integer> smaller = new LinkedHashSet<>();
    if (number > 0) {
      smaller.add(0);
      for (int bound : BOUNDS) {
        smaller.add(number % bound);
      }
      smaller.add(number / 2);
      smaller.add(number - 1);
      smaller.remove(number);
    }
    return smaller;
  }

  /** Moves first, then how many numbers they have, then how large these are, then which verbs they are. */
  @Override
  public ShrinkingDistance distance() {
    long numbers = 0;
    long sum = 0;
    long places = 0;
    for (Move move : moves) {
      numbers += move.size();
      sum += move.actor();
      places += place(move);
      for (int i = 0; i < move.size(); i++) {
        sum += move.number(i);
      }
    }
    return ShrinkingDistance.of(moves.size(), numbers, sum, places);
  }
}
