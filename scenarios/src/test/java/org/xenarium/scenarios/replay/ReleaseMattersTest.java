package org.xenarium.scenarios.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.semantics.Profile;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.emulator.trace.Trace;

/** A recording fails on another Xen than it was made on, at the line where the two differ, and the rule says why. */
class ReleaseMattersTest {
  private static final String CACHE_FLUSH = "xen-4.17-arm64/single-cache-flush";

  @ParameterizedTest
  @CsvSource({
    "EMPTY_COPY_OKAY, xen-4.17-arm64/single-copy-offset-and-length, 4.18, 4.19, COPY-01",
    "ADDED_FRAME_STAYS, xen-4.17-arm64/single-grant-frame-at-a-second-gfn, 4.17, 4.16, ATP-19",
    "NO_SPACE, xen-4.17-arm64/limits-gnttab-max-frames-4-gnttab-max-maptrack-frames-1, 4.16, 4.15, MAP-05B",
    "ONE_COUNTER_FULL, xen-4.17-arm64/pair-pin-limits, 4.15, 4.14, MAP-07B",
    "EMPTY_COPY_OKAY, xen-core/d00_directed_v1, 4.23-dev, 4.18, COPY-08",
    "COPY_DOMAINS_FIRST, xen-core/t06_copy, 4.23-dev, 4.22, CLAIM-01"
  })
  void between_two_releases(Difference difference, String recording, String agrees, String differs, String rule) throws Exception {
    Release one = Release.named(agrees).orElseThrow();
    Release other = Release.named(differs).orElseThrow();
    assertThat(difference.isIn(one)).isNotEqualTo(difference.isIn(other));
    assertThat(play(recording, recorded(recording).withRelease(one))).isEmpty();
    assertThat(play(recording, recorded(recording).withRelease(other))).contains(rule);
  }

  @Test
  void V26_between_arm_and_x86() throws Exception {
    Semantics x86 = recorded(CACHE_FLUSH).withProfile(Profile.HVM);
    assertThat(play(CACHE_FLUSH, x86.withRelease(Release.V4_20))).isEmpty();
    assertThat(play(CACHE_FLUSH, x86.withRelease(Release.V4_21))).containsExactly("GNT-06");
  }

  private static Semantics recorded(String recording) {
    return new Semantics(recording.startsWith("xen-core") ? Release.V4_23_DEV : Release.V4_17, SecurityPolicy.DUMMY);
  }

  /** The rules behind the first answer that differs. */
  private static List<String> play(String recording, Semantics on) throws Exception {
    Path file = Library.FOLDER.resolve(recording + ".jsonl");
    ReplayResult result =
        Replay.play(file, Listener.NONE, recorded -> recorded.withRelease(on.release()).withProfile(on.profile()), Trace.NONE);
    return result.difference().stream().flatMap(difference -> difference.decisions().stream()).map(decision -> decision.rule().id()).toList();
  }
}
