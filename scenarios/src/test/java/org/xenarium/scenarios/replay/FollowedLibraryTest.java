package org.xenarium.scenarios.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.trace.Trace;
import org.xenarium.gnttab.model.Difference;
import org.xenarium.gnttab.model.ModelWatch;
import org.xenarium.gnttab.model.ReferenceModel;
import org.xenarium.scenarios.play.Player;
import org.xenarium.scenarios.script.ScenarioReader;
import org.xenarium.scenarios.script.Scenarios;

/** The reference model explains every recording and every scenario of the library. */
class FollowedLibraryTest {
  private static final Pattern REACH = Pattern.compile("domains/[0-9]+/reach/0x([0-9a-f]+)");
  private static final long CORE_REACH = 1L << 28;

  private final List<Difference> differences = new ArrayList<>();
  private final List<ModelWatch> watches = new ArrayList<>();

  private void follow(Machine machine) {
    watches.add(ReferenceModel.follow(machine, differences::add));
  }

  private void isExplained() {
    watches.forEach(ModelWatch::audit);
    assertThat(watches).isNotEmpty();
    assertThat(differences).filteredOn(difference -> !isOfWindow(difference)).isEmpty();
  }

  /** A replay of the xen-core format lays arguments out from outside, between calls, in frames of its own at the end of a physmap. */
  private static boolean isOfWindow(Difference difference) {
    Matcher gfn = REACH.matcher(difference.path());
    if (gfn.matches()) {
      return Long.parseLong(gfn.group(1), 16) >= CoreWindow.lowest(CORE_REACH);
    }
    return difference.path().startsWith("frames/0x80") && difference.expected().equals("nothing") && difference.actual().endsWith("used 0 times");
  }

  @TestFactory
  Stream<DynamicTest> the_model_explains_every_recording() {
    return Library.recordings(Library.FOLDER).stream().map(file -> DynamicTest.dynamicTest(Library.name(file), () -> new FollowedLibraryTest().replay(file)));
  }

  private void replay(Path file) throws Exception {
    ReplayResult result = Replay.play(file, Listener.NONE, UnaryOperator.identity(), Trace.NONE, this::follow);
    assertThat(result.passed()).isTrue();
    isExplained();
  }

  @TestFactory
  Stream<DynamicTest> the_model_explains_every_scenario() {
    return Scenarios.library().stream().map(file -> DynamicTest.dynamicTest(Library.name(file), () -> new FollowedLibraryTest().play(file)));
  }

  private void play(Path file) throws Exception {
    assertThat(Player.play(ScenarioReader.read(file), (Machine machine) -> follow(machine)).failure()).isEmpty();
    isExplained();
  }
}
