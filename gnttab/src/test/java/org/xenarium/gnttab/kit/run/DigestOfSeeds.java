package org.xenarium.gnttab.kit.run;

import java.util.List;
import org.xenarium.emulator.state.Digest;

/** Prints one number that depends on every state of the runs of some seeds, for comparing processes. */
public final class DigestOfSeeds {
  private static final int MOVES = 60;

  private DigestOfSeeds() {}

  public static long of(int seeds) {
    Digest digest = new Digest();
    for (int seed = 0; seed < seeds; seed++) {
      Run run = seed % 2 == 0 ? Run.wild() : Run.good();
      List<Move> moves = Vocabulary.draw(seed, MOVES);
      for (Move move : moves) {
        run.play(move);
        digest.add(run.bench().machine().digest());
      }
    }
    return digest.value();
  }

  /** Takes how many seeds. */
  public static void main(String[] arguments) {
    System.out.println(Long.toHexString(of(Integer.parseInt(arguments[0]))));
  }
}
