package org.xenarium.gnttab.driver;

import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.QuerySizeLayout;

/**
 * {@code gnttab_query_size(dom, nr, max, status)}: how many grant frames a domain has and may have. Returns what the hypercall returned;
 * -EINVAL for a null pointer.
 */
public final class QueryTableSize extends DriverCall {
  private enum Phase {
    ASK,
    ANSWER
  }

  private final int domid;
  private final long frames;
  private final long most;
  private final long status;
  private Phase next = Phase.ASK;

  /**
   * A call.
   *
   * @param frames guest address of the u32 that receives the number of frames
   * @param most guest address of the u32 that receives the largest number
   * @param status guest address of the s16 that receives the status
   */
  public QueryTableSize(int domid, long frames, long most, long status) {
    this.domid = domid;
    this.frames = frames;
    this.most = most;
    this.status = status;
  }

  @Override
  boolean advance(Vcpu vcpu) {
    if (driver(vcpu).has(DriverDifference.NO_QUERY_SIZE)) {
      throw new NoSuchCallException("gnttab_query_size", "in this version of the driver");
    }
    if (frames == 0 || most == 0 || status == 0) {
      return end(vcpu, DriverRule.SIZE_02);
    }
    return switch (next) {
      case ASK -> {
        store(vcpu, stack(vcpu) + QuerySizeLayout.DOM, 2, domid);
        vcpu.issue(GnttabOp.HYPERCALL, GnttabOp.QUERY_SIZE, stack(vcpu), 1);
        next = Phase.ANSWER;
        yield true;
      }
      case ANSWER -> {
        store(vcpu, frames, 4, load(vcpu, stack(vcpu) + QuerySizeLayout.NR_FRAMES, 4));
        store(vcpu, most, 4, load(vcpu, stack(vcpu) + QuerySizeLayout.MAX_NR_FRAMES, 4));
        store(vcpu, status, 2, load(vcpu, stack(vcpu) + QuerySizeLayout.STATUS, 2));
        yield end(vcpu, DriverRule.SIZE_01, vcpu.x(0));
      }
    };
  }

  @Override
  public void digest(Digest digest) {
    digest.add(domid).add(frames).add(most).add(status).add(next);
  }
}
