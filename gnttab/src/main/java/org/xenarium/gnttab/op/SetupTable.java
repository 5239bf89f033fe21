package org.xenarium.gnttab.op;

import static org.xenarium.gnttab.rule.GrantRule.SETUP_01;
import static org.xenarium.gnttab.rule.GrantRule.SETUP_02;
import static org.xenarium.gnttab.rule.GrantRule.SETUP_03;
import static org.xenarium.gnttab.rule.GrantRule.SETUP_04;
import static org.xenarium.gnttab.rule.GrantRule.SETUP_05;
import static org.xenarium.gnttab.rule.GrantRule.SETUP_06;
import static org.xenarium.gnttab.rule.GrantRule.SETUP_F10;
import static org.xenarium.gnttab.rule.GrantRule.SETUP_F9;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Lock;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.SetupTableLayout;
import org.xenarium.gnttab.table.GrantTable;

/** GNTTABOP_setup_table (spec §3.8): grows the table and lists where its frames lie; maps nothing. */
final class SetupTable extends FrameListOperation {
  SetupTable() {
    super(
        SetupTableLayout.SIZE,
        SetupTableLayout.DOM,
        SetupTableLayout.NR_FRAMES,
        SetupTableLayout.FRAME_LIST,
        SetupTableLayout.STATUS,
        SETUP_F9,
        SETUP_F10);
  }

  @Override
  public int operation() {
    return GnttabOp.SETUP_TABLE;
  }

  @Override
  public long needs(Vcpu vcpu) {
    Domain target = performsNext() ? target(vcpu, domid) : null;
    return target == null ? Lock.NONE : Lock.table(target.incarnation());
  }

  @Override
  protected Rule perform(Vcpu vcpu) {
    Domain target = target(vcpu, domid);
    if (target == null) {
      return SETUP_01;
    }
    if (!vcpu.domain().mayActOn(target)) {
      return SETUP_02;
    }
    GrantTable table = GrantTable.of(target);
    if (Integer.compareUnsigned(frames, table.maxFrames()) > 0) {
      return SETUP_03;
    }
    table.establish();
    if (!table.grow(frames)) {
      return SETUP_04;
    }
    return listFrames(vcpu, table::frame) ? SETUP_06 : SETUP_05;
  }
}
