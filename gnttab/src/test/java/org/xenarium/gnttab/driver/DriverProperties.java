package org.xenarium.gnttab.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** G1 to G15 hold after every call of the documented driver, whatever fails, for callers that keep to the documentation. */
class DriverProperties {
  @Property(tries = 150)
  void with_regions_all_invariants_hold(@ForAll @Size(max = 40) List<@IntRange(min = 0, max = 20_000) Integer> numbers) {
    assertThat(play(DriverVersion.CONTRACT, true, numbers)).isEmpty();
  }

  @Property(tries = 150)
  void without_regions_all_invariants_hold(@ForAll @Size(max = 40) List<@IntRange(min = 0, max = 20_000) Integer> numbers) {
    assertThat(play(DriverVersion.CONTRACT, false, numbers)).isEmpty();
  }

  private static Set<String> play(DriverVersion version, boolean regions, List<Integer> numbers) {
    DriverRun run = new DriverRun(version, regions);
    for (int number : numbers) {
      run.act(number);
      if (!run.violations().isEmpty()) {
        return run.violations();
      }
    }
    return Set.of();
  }

  @Example
  void runs_of_V7_violate_what_its_mistakes_violate() {
    Set<String> violated = new TreeSet<>();
    Random random = new Random(3);
    for (int run = 0; run < 60; run++) {
      List<Integer> numbers = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        numbers.add(random.nextInt(20_000));
      }
      violated.addAll(play(DriverVersion.V7, run % 2 == 0, numbers));
    }
    assertThat(violated).contains("G1", "G3", "G4", "G5", "G9");
  }
}
