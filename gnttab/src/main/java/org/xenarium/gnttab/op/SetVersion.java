package org.xenarium.gnttab.op;

import static org.xenarium.gnttab.rule.GrantRule.SETVER_02;
import static org.xenarium.gnttab.rule.GrantRule.SETVER_03;
import static org.xenarium.gnttab.rule.GrantRule.SETVER_04;
import static org.xenarium.gnttab.rule.GrantRule.SETVER_05;
import static org.xenarium.gnttab.rule.GrantRule.SETVER_06;
import static org.xenarium.gnttab.rule.GrantRule.SETVER_07;
import static org.xenarium.gnttab.rule.GrantRule.SETVER_08;
import static org.xenarium.gnttab.rule.GrantRule.SETVER_09A;
import static org.xenarium.gnttab.rule.GrantRule.SETVER_09B;
import static org.xenarium.gnttab.rule.GrantRule.SETVER_10;
import static org.xenarium.gnttab.rule.GrantRule.SETVER_F13;
import static org.xenarium.gnttab.rule.GrantRule.SETVER_F14;

import org.xenarium.emulator.domain.Lock;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.hypercall.StructCall;
import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.SetVersionLayout;
import org.xenarium.gnttab.rule.GrantRule;
import org.xenarium.gnttab.table.GrantCall;
import org.xenarium.gnttab.table.GrantTable;

/** GNTTABOP_set_version (spec §4). Always writes back the version that is then in force. */
final class SetVersion extends StructCall implements GrantCall {
  private int version;

  SetVersion() {
    super(SetVersionLayout.SIZE, SETVER_F13, SETVER_F14);
  }

  @Override
  public int operation() {
    return GnttabOp.SET_VERSION;
  }

  @Override
  protected void read(byte[] struct) {
    version = Bytes.getInt(struct, SetVersionLayout.VERSION);
  }

  @Override
  public long needs(Vcpu vcpu) {
    return performsNext() ? Lock.table(vcpu.domain().incarnation()) : Lock.NONE;
  }

  @Override
  protected Rule perform(Vcpu vcpu) {
    GrantTable table = GrantTable.of(vcpu.domain());
    GrantRule rule = change(vcpu, table, version);
    version = table.version();
    return rule;
  }

  private static GrantRule change(Vcpu vcpu, GrantTable table, int wanted) {
    if (wanted != 1 && wanted != 2) {
      return SETVER_02;
    }
    if (wanted > table.maxVersion()) {
      return SETVER_03;
    }
    if (wanted == table.version()) {
      return SETVER_04;
    }
    if (table.isBusy()) {
      return SETVER_05;
    }
    if (wanted == 2) {
      return table.switchToVersion2() ? SETVER_10 : SETVER_06;
    }
    if (table.hasCopiesOfParts() && vcpu.world().semantics().has(Difference.VERSION_WAITS_FOR_COPIES)) {
      return SETVER_07;
    }
    return table.hasEntryBeyondVersion1() ? SETVER_08 : toVersion1(vcpu, table);
  }

  private static GrantRule toVersion1(Vcpu vcpu, GrantTable table) {
    int errno = table.switchToVersion1();
    if (errno == 0) {
      return SETVER_10;
    }
    vcpu.domain().crash();
    return errno == SETVER_09A.result() ? SETVER_09A : SETVER_09B;
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
