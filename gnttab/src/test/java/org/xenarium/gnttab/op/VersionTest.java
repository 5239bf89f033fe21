package org.xenarium.gnttab.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.C;
import static org.xenarium.gnttab.kit.Bench.NOBODY;
import static org.xenarium.gnttab.kit.Bench.PLACE;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.gnttab.kit.Answer;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Struct;
import org.xenarium.gnttab.rule.GrantRule;

/** set_version and get_version where version 2 is not allowed (spec §4, §3.8). */
class VersionTest extends OnBench {
  private Answer set(int version) {
    Answer answer = b.call(Struct.setVersion(version));
    assertThat(answer.intAt(0)).as("the version in force is written back in any case").isEqualTo(1);
    return answer;
  }

  @Test
  void there_are_versions_1_and_2() {
    for (int version : new int[] {0, 3, -1, 0x100, 0x8000_0001}) {
      set(version).returns(-22, GrantRule.SETVER_02);
    }
  }

  @Test
  void version_2_is_not_allowed() {
    set(2).returns(-38, GrantRule.SETVER_03);
  }

  @Test
  void version_1_is_in_force_and_asking_for_it_changes_nothing_even_under_pins() {
    b.memory().addGrantFrame(0, Bench.TABLE);
    b.grant(8, A, Bench.GRANTED);
    a.map(B, 8, RW, PLACE);
    set(1).returns(0, GrantRule.SETVER_04);
    assertThat(b.flags(8)).isEqualTo(0x0019);
    assertThat(bench.writePins(B, 8)).isEqualTo(1);
  }

  @Test
  void get_version_gives_1_in_its_own_field_only() {
    for (int dom : new int[] {DomId.SELF, B}) {
      Struct struct = Struct.getVersion(dom).setShort(2, 0x1234);
      assertThat(b.call(struct).returns(0, GrantRule.GETVER_03).bytes()).isEqualTo(struct.setInt(4, 1).bytes());
    }
  }

  @Test
  void get_version_fails_by_errno_and_writes_nothing_then() {
    b.call(Struct.getVersion(NOBODY)).returns(-3, GrantRule.GETVER_01).isUntouched();
    b.call(Struct.getVersion(DomId.XEN)).returns(-3, GrantRule.GETVER_01).isUntouched();
    b.call(Struct.getVersion(A)).returns(-1, GrantRule.GETVER_02).isUntouched();
  }

  @Test
  void get_version_of_others_is_for_control_domains() {
    startFrom(Bench.setup().third().control(C).start());
    bench.c().call(Struct.getVersion(A)).returns(0, GrantRule.GETVER_03);
  }
}
