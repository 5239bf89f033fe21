package org.xenarium.scenarios.recording;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Suggestions for misspelt names. */
public final class Spelling {
  private static final int LONGEST_LIST = 16;

  private Spelling() {}

  /** The end of a message about an unknown name: {@code "; did you mean …?"}, or what is known. */
  public static String hint(String wrong, List<String> known) {
    String near = nearest(wrong, known);
    if (near != null) {
      return "; did you mean \"" + near + "\"?";
    }
    return known.isEmpty() ? "; it has none"
        : known.size() > LONGEST_LIST ? "; docs/reference/recordings.md lists them" : "; known are " + String.join(", ", known);
  }

  /** The first of the nearest names that is near enough to be meant; null if there is none. */
  public static @Nullable String nearest(String wrong, List<String> known) {
    int limit = wrong.length() < 5 ? 1 : 2;
    String best = null;
    int least = limit + 1;
    for (String name : known) {
      // A word spelt out ("address") or shortened ("hand") is far in edits but plain to a reader.
      boolean begins = Math.min(name.length(), wrong.length()) > 2 && (wrong.startsWith(name) || name.startsWith(wrong));
      int distance = begins ? limit : Math.abs(name.length() - wrong.length()) > limit ? least : distance(wrong, name);
      boolean sharesNothing = distance >= Math.max(name.length(), wrong.length());
      if (distance < least && !sharesNothing) {
        least = distance;
        best = name;
      }
    }
    return best;
  }

  /** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment) that turn one name into the other. */
  static int distance(String a, String b) {
    int[][] edits = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          edits[i][j] = i + j;
          continue;
        }
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int least = Math.min(edits[i - 1][j - 1] + same, Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        edits[i][j] = swapped ? Math.min(least, edits[i - 2][j - 2] + 1) : least;
      }
    }
    return edits[a.length()][b.length()];
  }
}
