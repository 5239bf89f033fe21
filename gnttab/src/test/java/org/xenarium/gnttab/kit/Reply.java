package org.xenarium.gnttab.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.rule.GrantRule;

/**
 * What the guest finds after a batch.
 *
 * @param rc x0 after the call
 * @param answers one per struct, in order
 * @param ending what decided the return value; null where the batch just ended
 */
public record Reply(long rc, List<Answer> answers, @Nullable Rule ending) {
  public Answer get(int element) {
    return answers.get(element);
  }

  public List<Integer> statuses() {
    return answers.stream().map(Answer::status).toList();
  }

  public List<Integer> handles() {
    return answers.stream().map(Answer::handle).toList();
  }

  public List<@Nullable Rule> rules() {
    return answers.stream().map(Answer::rule).toList();
  }

  /** The call returns 0 and the elements carry these statuses. */
  public Reply says(Integer... statuses) {
    assertThat(rc).as("x0").isZero();
    assertThat(statuses()).as("statuses").containsExactly(statuses);
    return this;
  }

  /** The call returns {@code x0}, and {@code expected} is why. */
  public Reply returns(long x0, GrantRule expected) {
    assertThat(ending).as("rule that decided").isEqualTo(expected);
    assertThat(rc).as("x0 of %s", expected.id()).isEqualTo(x0);
    Expected.note(expected);
    return this;
  }
}
