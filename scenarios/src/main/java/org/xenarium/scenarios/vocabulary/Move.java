package org.xenarium.scenarios.vocabulary;

import java.util.Arrays;

/**
 * One thing that somebody does. It can be played in every state: its numbers are given a meaning when it is played, see {@link Dice}. Two moves
 * with the same verb and numbers do the same in the same state.
 */
public final class Move {
  private final int actor;
  private final Verb verb;
  private final int[] numbers;

  /**
   * A move.
   *
   * @param actor index of the vCPU, any number; the number of vCPUs stands for the toolstack
   * @param numbers what the verb draws from, any numbers; missing ones are 0
   */
  public Move(int actor, Verb verb, int... numbers) {
    this.actor = actor;
    this.verb = verb;
    this.numbers = numbers.clone();
  }

  public int actor() {
    return actor;
  }

  public Verb verb() {
    return verb;
  }

  /** How many numbers it has. */
  public int size() {
    return numbers.length;
  }

  /** One of its numbers. */
  public int number(int index) {
    return numbers[index];
  }

  /** The same with another number. */
  public Move with(int index, int number) {
    int[] changed = numbers.clone();
    changed[index] = number;
    return new Move(actor, verb, changed);
  }

  /** The same actor and numbers with another verb. */
  public Move with(Verb other) {
    return new Move(actor, other, numbers);
  }

  /** The same by another actor. */
  public Move by(int other) {
    return new Move(other, verb, numbers);
  }

  /** The same with its first numbers only. */
  public Move first(int count) {
    return new Move(actor, verb, Arrays.copyOf(numbers, count));
  }

  Dice dice() {
    return Dice.of(numbers, 0);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Move move && actor == move.actor && verb == move.verb && Arrays.equals(numbers, move.numbers);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * actor + verb.name().hashCode()) + Arrays.hashCode(numbers);
  }

  @Override
  public String toString() {
    return actor + " " + verb.name() + " " + Arrays.toString(numbers);
  }
}
