package org.xenarium.gnttab.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.abi.GntStatus.OKAY;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.HOLE;
import static org.xenarium.gnttab.kit.Bench.TABLE;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.rule.GrantRule;

/** Xen takes an entry of the frame that is there already for a change of its type (spec §6.1 P1): two invariants allow what that leaves, and no more. */
class SameFrameTest extends OnBench {
  private static final int EBUSY = -16;

  @Test
  void I42_a_frame_that_is_mapped_again_at_its_place_keeps_a_reference_for_ever() {
    startFrom(Bench.setup().control(B).start());
    long frame = bench.mfn(A, TABLE);
    long before = bench.references(frame);
    assertThat(b.memory().acquireGrantFrames(A, 0, HOLE)).isZero();
    assertThat(b.memory().acquireGrantFrames(A, 0, HOLE)).isZero();
    assertThat(b.memory().removeFromPhysmap(HOLE)).isZero();
    assertThat(bench.references(frame)).isEqualTo(before + 1);
    assertThat(b.memory().acquireGrantFrames(A, 0, HOLE, HOLE + 1)).isZero();
    assertThat(b.memory().removeFromPhysmap(HOLE)).isZero();
    assertThat(bench.references(frame)).as("an ordinary mapping beside it").isEqualTo(before + 1);
  }

  @Test
  void I38_a_grant_frame_that_was_mapped_over_itself_goes_on_to_name_its_place() {
    assertThat(b.memory().addGrantFrame(0, TABLE)).isZero();
    b.grant(9, B, TABLE);
    b.map(B, 9, RW, TABLE << 12).says(OKAY, GrantRule.MAP_14);
    assertThat(bench.type(B, TABLE)).isEqualTo(EntryType.GRANT_MAP_RW);
    b.unmap(TABLE << 12, 0).says(OKAY, GrantRule.UNMAP_11);
    assertThat(bench.type(B, TABLE)).isEqualTo(EntryType.HOLE);
    assertThat(b.memory().addGrantFrame(0, HOLE)).isEqualTo(EBUSY);
  }
}
