package org.xenarium.documentation;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.xenarium.scenarios.vocabulary.Manner;
import org.xenarium.scenarios.vocabulary.Verb;
import org.xenarium.scenarios.vocabulary.Vocabulary;

/** docs/reference/verbs.md lists the verbs of moves, and the manners of guests. */
class VerbReferenceTest {
  private static final String INTRODUCTION =
      """
      # Verbs and manners

      A move is a verb, made by a vCPU or by the toolstack. These are the verbs of `Vocabulary.standard()`, from which campaigns and the kit for
      [properties of one's own](../tutorial-properties.md) draw; `only(…)` and `without(…)` take their names. A verb that is an operation of
      [scenarios](scenarios.md) bears its name. The weight says how often a verb is drawn against the others; the kit draws the calls of drivers twice as
      often, and `gte` three times.

      The kit has two more that cannot be chosen: `start`, with which each list of moves begins, is `init` in a domain whose driver has not started; and
      `map_ending`, after half of the `end_access`, maps the very reference that somebody has begun to end.

      This page is generated from the code. After a change, write it anew:

      ```
      %s
      ```

      ## Manners

      A domain behaves in one of these manners (`org.xenarium.scenarios.vocabulary.Manner`).

      | Manner | What it does |
      |---|---|
      | `DRIVER` | uses its grant driver only, as the driver's documentation asks; now and then with arguments that are refused. It is held to the promises of drivers |
      | `CAREFUL` | issues hypercalls and writes entries itself, and keeps the rules of discipline D1 to D6; now and then with arguments that are refused |
      | `WILD` | does anything: writes entries that are in use, maps over its own pages, passes any address |

      ## Verbs
      """
          .formatted(GeneratedPage.REWRITE);

  @Test
  void the_reference_of_verbs_is_what_the_code_says() throws IOException {
    GeneratedPage.check("reference/verbs.md", INTRODUCTION + verbs());
  }

  private static String verbs() {
    return "\n| Verb | Whose | Weight |\n|---|---|---|\n"
        + Vocabulary.standard().verbs().stream()
            .map(weighted -> GeneratedPage.row(Stream.of("`" + weighted.verb().name() + "`", whose(weighted.verb()), String.valueOf(weighted.weight()))))
            .collect(joining());
  }

  private static String whose(Verb verb) {
    if (verb.isOutside()) {
      return "toolstack";
    }
    boolean all = Arrays.stream(Manner.values()).allMatch(verb::suits);
    return all ? "all guests" : Arrays.stream(Manner.values()).filter(verb::suits).map(manner -> manner.name().toLowerCase(Locale.ROOT)).collect(joining(", "));
  }
}
