package org.xenarium.gnttab.op;

import static org.xenarium.gnttab.rule.GrantRule.GETVER_01;
import static org.xenarium.gnttab.rule.GrantRule.GETVER_02;
import static org.xenarium.gnttab.rule.GrantRule.GETVER_03;
import static org.xenarium.gnttab.rule.GrantRule.GETVER_F15R;
import static org.xenarium.gnttab.rule.GrantRule.GETVER_F15W;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.hypercall.StructCall;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.abi.GetVersionLayout;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.table.GrantCall;
import org.xenarium.gnttab.table.GrantTable;

/** GNTTABOP_get_version (spec §3.8). */
final class GetVersion extends StructCall implements GrantCall {
  private int domid;
  private int version;

  GetVersion() {
    super(GetVersionLayout.SIZE, GETVER_F15R, GETVER_F15W);
  }

  @Override
  public int operation() {
    return GnttabOp.GET_VERSION;
  }

  @Override
  protected void read(byte[] struct) {
    domid = Bytes.getShort(struct, GetVersionLayout.DOM);
  }

  @Override
  protected Rule perform(Vcpu vcpu) {
    Domain target = target(vcpu, domid);
    if (target == null) {
      return GETVER_01;
    }
    if (!vcpu.domain().mayActOn(target)) {
      return GETVER_02;
    }
    version = GrantTable.of(target).version();
    return GETVER_03;
  }

  @Override
  protected boolean write(Vcpu vcpu, long at, Rule decided) {
    if (decided != GETVER_03) {
      return true;
    }
    byte[] scratch = vcpu.world().host().scratch;
    Bytes.setInt(scratch, 0, version);
    return GuestBuffers.write(vcpu.domain(), at + GetVersionLayout.VERSION, scratch, 0, Integer.BYTES);
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(domid).add(version);
  }
}
