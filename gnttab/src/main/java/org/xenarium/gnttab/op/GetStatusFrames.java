package org.xenarium.gnttab.op;

import static org.xenarium.gnttab.rule.GrantRule.STATUS_01;
import static org.xenarium.gnttab.rule.GrantRule.STATUS_02;
import static org.xenarium.gnttab.rule.GrantRule.STATUS_03;
import static org.xenarium.gnttab.rule.GrantRule.STATUS_04;
import static org.xenarium.gnttab.rule.GrantRule.STATUS_F12R;
import static org.xenarium.gnttab.rule.GrantRule.STATUS_F12W;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.abi.GetStatusFramesLayout;

/** GNTTABOP_get_status_frames (spec §3.8). A version 1 table has no status frames, so only asking for none succeeds. */
final class GetStatusFrames extends FrameListOperation {
  GetStatusFrames() {
    super(
        GetStatusFramesLayout.SIZE,
        GetStatusFramesLayout.DOM,
        GetStatusFramesLayout.NR_FRAMES,
        GetStatusFramesLayout.FRAME_LIST,
        GetStatusFramesLayout.STATUS,
        STATUS_F12R,
        STATUS_F12W);
  }

  @Override
  protected Rule perform(Vcpu vcpu) {
    Domain target = target(vcpu, domid);
    if (target == null) {
      return STATUS_01;
    }
    if (!vcpu.domain().mayActOn(target)) {
      return STATUS_02;
    }
    return frames == 0 ? STATUS_04 : STATUS_03;
  }
}
