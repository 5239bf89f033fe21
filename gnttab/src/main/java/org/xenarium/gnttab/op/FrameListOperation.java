package org.xenarium.gnttab.op;

import java.util.function.IntToLongFunction;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.hypercall.StructCall;
import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.rule.GrantRule;
import org.xenarium.gnttab.table.GrantCall;

/** An operation on a domain's table that fills a list of frame numbers and writes back only the status. */
abstract class FrameListOperation extends StructCall implements GrantCall {
  private final int domOffset;
  private final int countOffset;
  private final int listOffset;
  private final int statusOffset;

  /** The domain that is named. */
  int domid;

  /** How many frames are asked for, unsigned. */
  int frames;

  /** Guest address of the list. */
  long list;

  FrameListOperation(
      int size, int domOffset, int countOffset, int listOffset, int statusOffset, GrantRule unreadable, GrantRule unwritable) {
    super(size, unreadable, unwritable);
    this.domOffset = domOffset;
    this.countOffset = countOffset;
    this.listOffset = listOffset;
    this.statusOffset = statusOffset;
  }

  @Override
  protected final void read(byte[] struct) {
    domid = Bytes.getShort(struct, domOffset);
    frames = Bytes.getInt(struct, countOffset);
    list = Bytes.getLong(struct, listOffset);
  }

  /**
   * Lists where frames 0 to {@link #frames} - 1 lie, all ones for one that lies nowhere. Since 4.18 the first entry that cannot be written ends
   * it; before, later ones were written (V24).
   *
   * @return false when an entry could not be written
   */
  final boolean listFrames(Vcpu vcpu, IntToLongFunction mfns) {
    boolean stopsAtFault = vcpu.world().semantics().has(Difference.LIST_STOPS_AT_FAULT);
    boolean written = true;
    for (int i = 0; i < frames && (written || !stopsAtFault); i++) {
      long gfn = vcpu.world().memory().storedGfn(mfns.applyAsLong(i));
      written &= GuestBuffers.writeLong(vcpu.domain(), list + (long) i * Long.BYTES, gfn);
    }
    return written;
  }

  @Override
  protected final boolean write(Vcpu vcpu, long at, Rule decided) {
    byte[] scratch = vcpu.world().host().scratch;
    Bytes.setShort(scratch, 0, decided.result());
    return GuestBuffers.write(vcpu.domain(), at + statusOffset, scratch, 0, Short.BYTES);
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(domid).add(frames).add(list);
  }
}
