package org.xenarium.gnttab.op;

import static org.xenarium.gnttab.rule.GrantRule.STATUS_01;
import static org.xenarium.gnttab.rule.GrantRule.STATUS_02;
import static org.xenarium.gnttab.rule.GrantRule.STATUS_03;
import static org.xenarium.gnttab.rule.GrantRule.STATUS_04;
import static org.xenarium.gnttab.rule.GrantRule.STATUS_05;
import static org.xenarium.gnttab.rule.GrantRule.STATUS_F12R;
import static org.xenarium.gnttab.rule.GrantRule.STATUS_F12W;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.abi.GetStatusFramesLayout;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.table.GrantTable;

/** GNTTABOP_get_status_frames (spec §3.8). A table of version 1 has none, so there only asking for none succeeds. */
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
  public int operation() {
    return GnttabOp.GET_STATUS_FRAMES;
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
    GrantTable table = GrantTable.of(target);
    if (Integer.compareUnsigned(frames, table.statusFrameCount()) > 0) {
      return STATUS_03;
    }
    return listFrames(vcpu, table::statusFrame) ? STATUS_04 : STATUS_05;
  }
}
