package org.xenarium.scenarios.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenarium.scenarios.cli.Command.Outcome;
import org.xenarium.scenarios.replay.Library;

/** The same recordings give the same bytes, whichever JVM plays them and wherever it believes to be. */
class SameBytesTest {
  private static final String CORE = "library/xen-core/d00_directed_v1.jsonl";

  private Outcome replay(List<String> options, Map<String, String> environment) throws Exception {
    Path scenarios = Library.FOLDER.getParent();
    Command command = new Command(scenarios, options, "replay", "--explain", "library/xen-4.17-arm64", CORE);
    environment.forEach(command::with);
    return command.run();
  }

  @Test
  void outputDependsNeitherOnTheJvmNorOnLocaleTimeZoneEncodingOrHeap() throws Exception {
    Outcome first = replay(List.of(), Map.of());
    assertThat(first.status()).isZero();
    assertThat(first.out()).endsWith("95 passed, 0 failed\n");
    List<String> elsewhere =
        List.of("-Duser.language=tr", "-Duser.country=TR", "-Duser.timezone=Asia/Tokyo", "-Dfile.encoding=ISO-8859-1", "-Xmx48m");
    Outcome second = replay(elsewhere, Map.of("LC_ALL", "C", "TZ", "Pacific/Apia"));
    assertThat(second.err()).isEqualTo(first.err());
    assertThat(second.status()).isEqualTo(first.status());
    assertThat(second.out().equals(first.out())).as("the same output, which is too long to be shown").isTrue();
  }
}
