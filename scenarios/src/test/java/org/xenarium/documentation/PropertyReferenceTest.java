package org.xenarium.documentation;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.xenarium.scenarios.claim.Occurrences;
import org.xenarium.scenarios.claim.Properties;
import org.xenarium.scenarios.campaign.Sometimes;

/** docs/reference/properties.md lists what campaigns look at. */
class PropertyReferenceTest {
  private static final String INTRODUCTION =
      """
      # Properties

      What `xenarium check` looks at in every run. `--property NAME` chooses; without it all of them are looked at. Several properties can say the same
      invariant: what does not hold is then told of the one that says it with the fewest.

      This page is generated from the code. After a change, write it anew:

      ```
      %s
      ```
      """
          .formatted(GeneratedPage.REWRITE);

  private static final String SOMETIMES =
      """

      ## What is to happen in some run

      A property that has held has shown nothing if what it is about never happened. The coverage of a campaign counts these, those first that never
      happened. It also counts how often each [invariant](invariants.md) was put to the test: how often there was what it speaks of.

      | What happens |
      |---|
      """;

  @Test
  void the_reference_of_properties_is_what_the_code_says() throws IOException {
    GeneratedPage.check("reference/properties.md", INTRODUCTION + properties() + SOMETIMES + occurrences());
  }

  private static String properties() {
    return "\n| Property | What holds | Invariants |\n|---|---|---|\n"
        + Properties.all().stream()
            .map(property -> GeneratedPage.row(Stream.of("`" + property.name() + "`", property.statement(), String.join(", ", Properties.invariants(property)))))
            .collect(joining());
  }

  private static String occurrences() {
    return Occurrences.all().stream().map(Sometimes::name).map(name -> GeneratedPage.row(Stream.of(name))).collect(joining());
  }
}
