package org.xenarium.scenarios.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenarium.scenarios.cli.Command.Outcome;
import org.xenarium.scenarios.replay.Library;

/** The same recordings give the same bytes, whichever JVM plays them and wherever it believes to be. */
class SameBytesTest {
  private static final String CORE = "library/xen-core/d00_directed_v1.jsonl";

  private static final List<String> ELSEWHERE =
      List.of("-Duser.language=tr", "-Duser.country=TR", "-Duser.timezone=Asia/Tokyo", "-Dfile.encoding=ISO-8859-1", "-Xmx48m");

  private Outcome replay(List<String> options, Map<String, String> environment) throws Exception {
    return call(options, environment, "replay", "--explain", "library/xen-4.17-arm64", CORE);
  }

  private Outcome call(List<String> options, Map<String, String> environment, String... arguments) throws Exception {
    Command command = new Command(Library.FOLDER.getParent(), options, arguments);
    environment.forEach(command::with);
    return command.run();
  }

  @Test
  void scenariosDependOnNoneOfThatEither() throws Exception {
    Outcome first = call(List.of(), Map.of(), "run", "-v", "library");
    assertThat(first.status()).isZero();
    assertThat(first.err()).isEmpty();
    assertThat(first.out()).endsWith(" passed, 0 failed\n");
    Outcome second = call(ELSEWHERE, Map.of("LC_ALL", "C", "TZ", "Pacific/Apia"), "run", "-v", "library");
    assertThat(second.out().equals(first.out())).as("the same output, which is too long to be shown").isTrue();
  }

  @Test
  void outputDependsNeitherOnTheJvmNorOnLocaleTimeZoneEncodingOrHeap() throws Exception {
    Outcome first = replay(List.of(), Map.of());
    assertThat(first.status()).isZero();
    assertThat(first.out()).endsWith("95 passed, 0 failed\n");
    Outcome second = replay(ELSEWHERE, Map.of("LC_ALL", "C", "TZ", "Pacific/Apia"));
    assertThat(second.err()).isEqualTo(first.err());
    assertThat(second.status()).isEqualTo(first.status());
    assertThat(second.out().equals(first.out())).as("the same output, which is too long to be shown").isTrue();
  }
}
