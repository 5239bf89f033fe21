package org.xenarium.scenarios.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenarium.scenarios.cli.Command.Outcome;
import org.xenarium.scenarios.replay.Library;

/** {@code xenarium replay} and {@code run} on another Xen than the recorded or described one. */
class OtherXenTest {
  @TempDir Path folder;

  @Test
  void aRecordingThatDependsOnTheReleaseFailsOnAnother() throws Exception {
    String file = Library.ARM.resolve("single-copy-offset-and-length.jsonl").toString();
    assertThat(Command.run(folder, "replay", "-q", "--release", "4.18", file).status()).isZero();
    Outcome outcome = Command.run(folder, "replay", "-q", "--release", "4.19", file);
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.out()).contains("decided by COPY-01 copy: no bytes to copy");
  }

  @Test
  void theProfileAndTheSecurityPolicyCanBeOthersToo() throws Exception {
    String file = Library.ARM.resolve("pair-read-only-grant.jsonl").toString();
    assertThat(Command.run(folder, "replay", "-q", "--xsm", "dummy", "--profile", "arm", file).status()).isZero();
    assertThat(Command.run(folder, "replay", "-q", "--xsm", "silo", file).out()).contains("the security policy refuses");
    String features = Library.ARM.resolve("single-version-and-features.jsonl").toString();
    assertThat(Command.run(folder, "replay", "-q", "--profile", "hvm", features).err()).contains("on x86 is not emulated");
  }

  @Test
  void aScenarioIsPlayedOnAnotherXenToo() throws Exception {
    String file = Library.ARM.resolveSibling("driver").resolve("busy-end-access.yaml").toString();
    assertThat(Command.run(folder, "replay", "-q", "--release", "4.19", file).status()).isZero();
    for (String command : new String[] {"replay", "run"}) {
      Outcome outcome = Command.run(folder, command, "-q", "--xsm", "silo", file);
      assertThat(outcome.status()).isEqualTo(1);
      assertThat(outcome.out()).contains("the security policy refuses");
    }
  }

  @Test
  void anUnknownReleaseIsRefusedWithThoseThatThereAre() throws Exception {
    Outcome outcome = Command.run(folder, "replay", "--release", "4.10", ".");
    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains("expected one of 4.11, 4.12,").contains("found '4.10'");
  }

  @Test
  void anUnknownProfileOrPolicyIsRefusedWithThoseThatThereAreInTheFormInWhichTheyAreTyped() throws Exception {
    assertThat(Command.run(folder, "replay", "--profile=pv", ".").err())
        .isEqualTo("xenarium: Invalid value for option '--profile': expected one of arm, hvm, found 'pv'\ntry 'xenarium help replay'\n");
    assertThat(Command.run(folder, "run", "--xsm=Sillo", ".").err())
        .isEqualTo("xenarium: Invalid value for option '--xsm': expected one of dummy, silo, found 'Sillo'; did you mean silo?\ntry 'xenarium help run'\n");
    Recordings.copy(Recordings.SMALL, folder.resolve("a.jsonl"));
    assertThat(Command.run(folder, "replay", "-q", "--profile=ARM", "a.jsonl").status()).isZero();
  }
}
