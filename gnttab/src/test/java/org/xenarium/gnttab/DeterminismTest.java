package org.xenarium.gnttab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.xenarium.gnttab.kit.run.DigestOfSeeds;

/** The same seeds lead to the same digests: again in this JVM, and in another one with another language, time zone and character set. */
class DeterminismTest {
  private static final int SEEDS = 20;

  @Test
  void seeds_lead_to_the_same_digests_in_every_process() throws Exception {
    String here = Long.toHexString(DigestOfSeeds.of(SEEDS));
    assertThat(Long.toHexString(DigestOfSeeds.of(SEEDS))).as("again in this JVM").isEqualTo(here);
    assertThat(inAnotherJvm()).as("in another JVM").isEqualTo(here);
  }

  private static String inAnotherJvm() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Duser.language=tr",
                "-Duser.country=TR",
                "-Duser.timezone=Asia/Kathmandu",
                "-Dfile.encoding=UTF-16",
                "-XX:+UnlockExperimentalVMOptions",
                "-XX:hashCode=2", // all identity hashes are the same
                "-cp",
                System.getProperty("java.class.path"),
                DigestOfSeeds.class.getName(),
                Integer.toString(SEEDS))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).as("the other JVM ends").isTrue();
    return output;
  }
}
