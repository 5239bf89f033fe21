package org.xenarium.scenarios.script;

import java.util.List;
import java.util.Locale;

/**
 * What is said about the outcome of a scenario, in the manner of litmus tests.
 *
 * @param all comparisons, all of which have to hold together
 */
public record Condition(Place place, Quantifier quantifier, List<Comparison> all) {
  public Condition {
    all = List.copyOf(all);
  }

  /** Of which outcomes a condition speaks. */
  public enum Quantifier {
    /** The run at hand ends like this. */
    FINALLY("holds at the end of the run"),
    /** Every run ends like this. */
    ALWAYS("holds at the end of every run"),
    /** No run ends like this. */
    NEVER("holds at the end of no run"),
    /** Some run ends like this. */
    EXISTS("holds at the end of some run");

    private final String summary;

    Quantifier(String summary) {
      this.summary = summary;
    }

    public String spelling() {
      return name().toLowerCase(Locale.ROOT);
    }

    String summary() {
      return summary;
    }
  }

  /** How two values are compared; as numbers with sign. */
  public enum Relation {
    EQUAL("=="),
    UNEQUAL("!="),
    LESS("<"),
    AT_MOST("<="),
    MORE(">"),
    AT_LEAST(">=");

    private final String sign;

    Relation(String sign) {
      this.sign = sign;
    }

    public String sign() {
      return sign;
    }

    public boolean holds(long left, long right) {
      return switch (this) {
        case EQUAL -> left == right;
        case UNEQUAL -> left != right;
        case LESS -> left < right;
        case AT_MOST -> left <= right;
        case MORE -> left > right;
        case AT_LEAST -> left >= right;
      };
    }
  }

  /** Two values compared. */
  public record Comparison(Place place, Value left, Relation relation, Value right, FieldType type) {
    @Override
    public String toString() {
      return left + " " + relation.sign() + " " + right;
    }
  }
}
