package org.xenarium.scenarios.campaign;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.xenarium.scenarios.vocabulary.Move;
import org.xenarium.scenarios.vocabulary.Setting;

/**
 * Makes a case smaller as long as it still fails for the same reason: leaves out moves, first many at once, then one by one; makes the machine
 * plainer; makes numbers smaller. Ends when nothing of that helps any more, or after so many attempts.
 */
public final class Minimiser {
  private final Predicate<Case> fails;
  private int attempts;
  private Case best;

  private Minimiser(Case found, Predicate<Case> fails, int attempts) {
    best = found;
    this.fails = fails;
    this.attempts = attempts;
  }

  /**
   * The smallest case that was found.
   *
   * @param fails whether a case fails for the same reason as {@code found}, which does
   * @param attempts how many cases are tried at most
   */
  public static Case minimise(Case found, Predicate<Case> fails, int attempts) {
    Minimiser minimiser = new Minimiser(found, fails, attempts);
    boolean smaller = true;
    while (smaller && minimiser.attempts > 0) {
      smaller = minimiser.leaveOutMoves() | minimiser.plainerSetting() | minimiser.otherActors() | minimiser.smallerNumbers();
    }
    return minimiser.best;
  }

  private boolean accept(Case smaller) {
    if (attempts > 0) {
      attempts--;
      if (fails.test(smaller)) {
        best = smaller;
        return true;
      }
    }
    return false;
  }

  private boolean leaveOutMoves() {
    int before = best.moves().size();
    for (int length = Math.max(1, before / 2); length >= 1; length /= 2) {
      for (int from = best.moves().size() - length; from >= 0; from -= length) {
        List<Move> rest = new ArrayList<>(best.moves());
        rest.subList(from, from + length).clear();
        accept(best.with(rest));
        from = Math.min(from, best.moves().size());
      }
    }
    return best.moves().size() < before;
  }

  private boolean plainerSetting() {
    boolean any = false;
    for (boolean smaller = true; smaller; any |= smaller) {
      smaller = false;
      for (Setting plainer : best.setting().plainer()) {
        if (accept(best.in(plainer))) {
          smaller = true;
          break;
        }
      }
    }
    return any;
  }

  private boolean otherActors() {
    boolean any = false;
    for (int i = 0; i < best.moves().size(); i++) {
      for (int actor = 0; actor < best.moves().get(i).actor(); actor++) {
        if (accept(replace(i, best.moves().get(i).by(actor)))) {
          any = true;
          break;
        }
      }
    }
    return any;
  }

  private boolean smallerNumbers() {
    boolean any = false;
    for (int i = 0; i < best.moves().size(); i++) {
      any |= fewerNumbers(i);
      for (int number = 0; number < best.moves().get(i).size(); number++) {
        any |= smallerNumber(i, number);
      }
    }
    return any;
  }

  private boolean fewerNumbers(int index) {
    int size = best.moves().get(index).size();
    for (int count = 0; count < size; count++) {
      if (accept(replace(index, best.moves().get(index).first(count)))) {
        return true;
      }
    }
    return false;
  }

  private boolean smallerNumber(int index, int number) {
    int value = best.moves().get(index).number(number);
    for (int smaller : new int[] {0, 1, value / 2, value - 1}) {
      if (Math.abs(smaller) < Math.abs(value) && accept(replace(index, best.moves().get(index).with(number, smaller)))) {
        return true;
      }
    }
    return false;
  }

  private Case replace(int index, Move move) {
    List<Move> moves = new ArrayList<>(best.moves());
    moves.set(index, move);
    return best.with(moves);
  }
}
