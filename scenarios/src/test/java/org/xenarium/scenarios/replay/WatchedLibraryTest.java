package org.xenarium.scenarios.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.xenarium.emulator.trace.Trace;
import org.xenarium.gnttab.invariant.Discipline;
import org.xenarium.gnttab.invariant.Findings;
import org.xenarium.gnttab.invariant.Indiscipline;
import org.xenarium.gnttab.invariant.Invariants;
import org.xenarium.gnttab.invariant.Violation;
import org.xenarium.gnttab.invariant.Watch;

/** Every recording of the library keeps every invariant, and the rules of discipline that its guests break are known by name. */
class WatchedLibraryTest {
  private static final Map<String, String> KNOWN = known();

  private static Map<String, String> known() {
    Map<String, String> known = new TreeMap<>();
    try (InputStream file = Objects.requireNonNull(WatchedLibraryTest.class.getResourceAsStream("indiscipline.txt"))) {
      for (String line : new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        if (!line.startsWith("#")) {
          String[] columns = line.split("\\|");
          known.put(columns[0].strip(), columns[1].strip());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return known;
  }

  private static final class Found implements Findings {
    private final List<Violation> violations = new ArrayList<>();
    private final Set<Discipline> rules = new TreeSet<>();

    @Override
    public void violated(Violation violation) {
      violations.add(violation);
    }

    @Override
    public void undisciplined(Indiscipline indiscipline) {
      rules.add(indiscipline.rule());
    }
  }

  @TestFactory
  Stream<DynamicTest> every_recording_keeps_the_invariants() {
    return Library.recordings(Library.FOLDER).stream().map(file -> DynamicTest.dynamicTest(Library.name(file), () -> keeps(file)));
  }

  private static void keeps(Path file) throws Exception {
    Found found = new Found();
    List<Watch> watches = new ArrayList<>();
    ReplayResult result =
        Replay.play(file, Listener.NONE, UnaryOperator.identity(), Trace.NONE, machine -> watches.add(Invariants.watch(machine, Invariants.ALL, found)));
    watches.forEach(Watch::audit);
    assertThat(result.passed()).isTrue();
    assertThat(found.violations).isEmpty();
    assertThat(found.rules.toString()).isEqualTo(KNOWN.getOrDefault(Library.name(file), "[]"));
  }

  @Test
  void the_list_of_indiscipline_names_recordings_that_exist() {
    assertThat(KNOWN.keySet()).isSubsetOf(Library.recordings(Library.FOLDER).stream().map(Library::name).toList());
  }
}
