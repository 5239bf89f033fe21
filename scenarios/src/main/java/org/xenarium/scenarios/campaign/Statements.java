package org.xenarium.scenarios.campaign;

import java.util.Comparator;
import java.util.regex.Pattern;
import org.xenarium.gnttab.driver.GuestInvariant;
import org.xenarium.gnttab.invariant.Invariant;

/** The sentences behind the numbers of invariants, by which campaigns count and find. */
public final class Statements {
  /** As people count: G2 before G10. */
  static final Comparator<String> ORDER = Comparator.comparing(Statements::inOrder);

  private static final Pattern ONE_DIGIT = Pattern.compile("([A-Z])([0-9])");

  private Statements() {}

  private static String inOrder(String name) {
    return ONE_DIGIT.matcher(name).replaceFirst(found -> name.equals(found.group()) ? found.group(1) + "0" + found.group(2) : found.group());
  }

  /** What holds, in one sentence; empty for all that is no number of an invariant. */
  public static String of(String name) {
    for (Invariant invariant : Invariant.values()) {
      if (invariant.id().equals(name)) {
        return invariant.statement();
      }
    }
    for (GuestInvariant invariant : GuestInvariant.values()) {
      if (invariant.id().equals(name)) {
        return invariant.statement();
      }
    }
    return "";
  }
}
