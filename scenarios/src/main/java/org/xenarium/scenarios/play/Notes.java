package org.xenarium.scenarios.play;

import org.xenarium.emulator.domain.World;
import org.xenarium.emulator.domain.WorldPart;
import org.xenarium.emulator.state.Digest;
import org.xenarium.scenarios.script.Column;
import org.xenarium.scenarios.script.Progress;

/**
 * What has come out of the steps of a scenario so far, in the machine that plays it: copied and digested with it. A result that one program
 * needs of another is found here, as if it had been told outside of everything that the machine models, by a configuration store for instance.
 */
public final class Notes implements WorldPart {
  private static final Progress[] PROGRESS = Progress.values();

  private final int[] layout;
  private final long[] numbers;

  /** Of a sequence: the last step that may begin. */
  private int turn;

  /**
   * Notes of nothing.
   *
   * @param layout where the results of each step begin
   */
  Notes(int[] layout) {
    this.layout = layout;
    numbers = new long[layout[layout.length - 1]];
  }

  private Notes(Notes other) {
    layout = other.layout;
    numbers = other.numbers.clone();
    turn = other.turn;
  }

  /** The notes of the scenario that a machine plays. */
  public static Notes of(World world) {
    return world.part(Notes.class);
  }

  @Override
  public WorldPart copy() {
    return new Notes(this);
  }

  @Override
  public void digest(Digest digest) {
    digest.add(turn);
    for (long number : numbers) {
      digest.add(number);
    }
  }

  /** A result of a step. */
  public long get(int step, int column) {
    return numbers[layout[step] + column];
  }

  void set(int step, int column, long value) {
    numbers[layout[step] + column] = value;
  }

  /** How far a step is. */
  public Progress progress(int step) {
    return PROGRESS[(int) get(step, Column.PROGRESS)];
  }

  void setProgress(int step, Progress progress) {
    set(step, Column.PROGRESS, progress.ordinal());
  }

  /** True once the step has come to an end of any kind. */
  public boolean hasEnded(int step) {
    return get(step, Column.PROGRESS) > Progress.UNDER_WAY.ordinal();
  }

  int turn() {
    return turn;
  }

  void setTurn(int step) {
    turn = step;
  }
}
