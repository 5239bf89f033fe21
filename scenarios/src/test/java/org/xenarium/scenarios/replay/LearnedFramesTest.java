package org.xenarium.scenarios.replay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LearnedFramesTest {
  private final LearnedFrames frames = new LearnedFrames();

  @Test
  void aFrameIsLearnedOnceAndComparedFromThenOn() {
    assertThat(frames.agree(10, 70)).isTrue();
    assertThat(frames.agree(10, 70)).isTrue();
    assertThat(frames.agree(10, 71)).isFalse();
    assertThat(frames.agree(10, 70)).isTrue();
    assertThat(frames.count()).isEqualTo(1);
  }

  @Test
  void noTwoFramesAreTheSame() {
    assertThat(frames.agree(10, 70)).isTrue();
    assertThat(frames.agree(11, 70)).isFalse();
    assertThat(frames.agree(11, 71)).isTrue();
    assertThat(frames.count()).isEqualTo(2);
  }

  @Test
  void aFrameIsFoundFromBothSides() {
    assertThat(frames.agree(10, 70)).isTrue();
    assertThat(frames.recorded(10)).isEqualTo(70);
    assertThat(frames.ours(70)).isEqualTo(10);
    assertThat(frames.recorded(70)).isNull();
    assertThat(frames.ours(10)).isNull();
  }

  @Test
  void aFrameThatWasGivenAnewIsLearnedAnew() {
    assertThat(frames.agree(10, 70)).isTrue();
    frames.forget(10);
    frames.forget(12);
    assertThat(frames.ours(70)).isNull();
    assertThat(frames.agree(11, 70)).isTrue();
    assertThat(frames.agree(10, 71)).isTrue();
    assertThat(frames.count()).isEqualTo(3);
  }
}
