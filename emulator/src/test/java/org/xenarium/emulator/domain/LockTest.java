package org.xenarium.emulator.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Who keeps whom waiting, spec §8.1. */
class LockTest {
  private static final int LAST_DOMAIN = DomId.FIRST_RESERVED - 1;

  @Test
  void no_lock_conflicts_with_nothing() {
    for (long lock : List.of(Lock.NONE, Lock.entry(0, 0), Lock.entry(LAST_DOMAIN, -1), Lock.table(0), Lock.table(LAST_DOMAIN))) {
      assertThat(Lock.conflict(Lock.NONE, lock)).isFalse();
      assertThat(Lock.conflict(lock, Lock.NONE)).isFalse();
    }
  }

  @Test
  void a_lock_is_never_no_lock() {
    assertThat(List.of(Lock.entry(0, 0), Lock.table(0))).doesNotContain(Lock.NONE);
  }

  @Test
  void one_entry_conflicts_with_itself_and_with_no_other_of_the_table() {
    assertConflict(Lock.entry(3, 8), Lock.entry(3, 8), true);
    assertConflict(Lock.entry(3, 8), Lock.entry(3, 9), false);
    assertConflict(Lock.entry(3, -1), Lock.entry(3, -1), true);
    assertConflict(Lock.entry(3, 0x7fff_ffff), Lock.entry(3, -1), false);
  }

  @Test
  void the_whole_table_for_writing_conflicts_with_every_entry_and_with_itself() {
    assertConflict(Lock.table(3), Lock.entry(3, 0), true);
    assertConflict(Lock.table(3), Lock.entry(3, -1), true);
    assertConflict(Lock.table(3), Lock.table(3), true);
  }

  @Test
  void locks_of_different_domains_never_conflict() {
    for (int domain : List.of(0, 1, 0x4000, LAST_DOMAIN)) {
      assertConflict(Lock.entry(domain, 8), Lock.entry(domain ^ 2, 8), false);
      assertConflict(Lock.table(domain), Lock.entry(domain ^ 2, 8), false);
      assertConflict(Lock.table(domain), Lock.table(domain ^ 2), false);
    }
  }

  private static void assertConflict(long a, long b, boolean expected) {
    assertThat(Lock.conflict(a, b)).isEqualTo(expected);
    assertThat(Lock.conflict(b, a)).isEqualTo(expected);
  }
}
