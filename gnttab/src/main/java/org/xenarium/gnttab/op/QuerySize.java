package org.xenarium.gnttab.op;

import static org.xenarium.gnttab.rule.GrantRule.QUERY_01;
import static org.xenarium.gnttab.rule.GrantRule.QUERY_02;
import static org.xenarium.gnttab.rule.GrantRule.QUERY_03;
import static org.xenarium.gnttab.rule.GrantRule.QUERY_F11R;
import static org.xenarium.gnttab.rule.GrantRule.QUERY_F11W;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.hypercall.StructCall;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.QuerySizeLayout;
import org.xenarium.gnttab.table.GrantCall;
import org.xenarium.gnttab.table.GrantTable;

/** GNTTABOP_query_size (spec §3.8). Writes all 16 bytes back; on error the sizes are the caller's own values. */
final class QuerySize extends StructCall implements GrantCall {
  private int domid;
  private int padding;
  private int frames;
  private int maxFrames;
  private int tail;

  QuerySize() {
    super(QuerySizeLayout.SIZE, QUERY_F11R, QUERY_F11W);
  }

  @Override
  public int operation() {
    return GnttabOp.QUERY_SIZE;
  }

  @Override
  protected void read(byte[] struct) {
    domid = Bytes.getShort(struct, QuerySizeLayout.DOM);
    padding = Bytes.getShort(struct, QuerySizeLayout.DOM + Short.BYTES);
    frames = Bytes.getInt(struct, QuerySizeLayout.NR_FRAMES);
    maxFrames = Bytes.getInt(struct, QuerySizeLayout.MAX_NR_FRAMES);
    tail = Bytes.getShort(struct, QuerySizeLayout.STATUS + Short.BYTES);
  }

  @Override
  protected Rule perform(Vcpu vcpu) {
    Domain target = target(vcpu, domid);
    if (target == null) {
      return QUERY_01;
    }
    if (!vcpu.domain().mayActOn(target)) {
      return QUERY_02;
    }
    frames = GrantTable.of(target).frameCount();
    maxFrames = GrantTable.of(target).maxFrames();
    return QUERY_03;
  }

  @Override
  protected boolean write(Vcpu vcpu, long at, Rule decided) {
    byte[] struct = vcpu.world().host().scratch;
    Bytes.setShort(struct, QuerySizeLayout.DOM, domid);
    Bytes.setShort(struct, QuerySizeLayout.DOM + Short.BYTES, padding);
    Bytes.setInt(struct, QuerySizeLayout.NR_FRAMES, frames);
    Bytes.setInt(struct, QuerySizeLayout.MAX_NR_FRAMES, maxFrames);
    Bytes.setShort(struct, QuerySizeLayout.STATUS, decided.result());
    Bytes.setShort(struct, QuerySizeLayout.STATUS + Short.BYTES, tail);
    return GuestBuffers.write(vcpu.domain(), at, struct, 0, QuerySizeLayout.SIZE);
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(domid).add(padding).add(frames).add(maxFrames).add(tail);
  }
}
