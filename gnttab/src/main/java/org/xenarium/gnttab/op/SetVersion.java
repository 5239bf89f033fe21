package org.xenarium.gnttab.op;

import static org.xenarium.gnttab.rule.GrantRule.SETVER_02;
import static org.xenarium.gnttab.rule.GrantRule.SETVER_03;
import static org.xenarium.gnttab.rule.GrantRule.SETVER_04;
import static org.xenarium.gnttab.rule.GrantRule.SETVER_F13;
import static org.xenarium.gnttab.rule.GrantRule.SETVER_F14;

import org.xenarium.emulator.domain.Lock;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.hypercall.StructCall;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.abi.SetVersionLayout;
import org.xenarium.gnttab.table.GrantTable;

/** GNTTABOP_set_version (spec §4) where version 2 is not allowed: only asking for what is in force succeeds. Always writes that back. */
final class SetVersion extends StructCall {
  private int version;

  SetVersion() {
    super(SetVersionLayout.SIZE, SETVER_F13, SETVER_F14);
  }

  @Override
  protected void read(byte[] struct) {
    version = Bytes.getInt(struct, SetVersionLayout.VERSION);
  }

  @Override
  public long needs(Vcpu vcpu) {
    return performsNext() ? Lock.table(vcpu.domain().id()) : Lock.NONE;
  }

  @Override
  protected Rule perform(Vcpu vcpu) {
    int wanted = version;
    version = GrantTable.of(vcpu.domain()).version();
    return switch (wanted) {
      case 1 -> SETVER_04;
      case 2 -> SETVER_03;
      default -> SETVER_02;
    };
  }

  @Override
  protected boolean write(Vcpu vcpu, long at, Rule decided) {
    byte[] scratch = vcpu.world().host().scratch;
    Bytes.setInt(scratch, 0, version);
    return GuestBuffers.write(vcpu.domain(), at, scratch, 0, SetVersionLayout.SIZE);
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(version);
  }
}
