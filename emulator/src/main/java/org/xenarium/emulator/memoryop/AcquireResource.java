package org.xenarium.emulator.memoryop;

import static org.xenarium.emulator.memoryop.MemoryRule.ACQ_01;
import static org.xenarium.emulator.memoryop.MemoryRule.ACQ_02;
import static org.xenarium.emulator.memoryop.MemoryRule.ACQ_03;
import static org.xenarium.emulator.memoryop.MemoryRule.ACQ_04;
import static org.xenarium.emulator.memoryop.MemoryRule.ACQ_05;
import static org.xenarium.emulator.memoryop.MemoryRule.ACQ_06;
import static org.xenarium.emulator.memoryop.MemoryRule.ACQ_07;
import static org.xenarium.emulator.memoryop.MemoryRule.ACQ_08;
import static org.xenarium.emulator.memoryop.MemoryRule.ACQ_09;
import static org.xenarium.emulator.memoryop.MemoryRule.ACQ_10;
import static org.xenarium.emulator.memoryop.MemoryRule.ACQ_11;
import static org.xenarium.emulator.memoryop.MemoryRule.ACQ_12;
import static org.xenarium.emulator.memoryop.MemoryRule.ACQ_13;
import static org.xenarium.emulator.memoryop.MemoryRule.ACQ_14;
import static org.xenarium.emulator.memoryop.MemoryRule.ACQ_15;
import static org.xenarium.emulator.memoryop.MemoryRule.ACQ_16;
import static org.xenarium.emulator.memoryop.MemoryRule.ACQ_17;
import static org.xenarium.emulator.memoryop.MemoryRule.ACQ_18;
import static org.xenarium.emulator.memoryop.MemoryRule.ACQ_19;
import static org.xenarium.emulator.memoryop.MemoryRule.ACQ_20;
import static org.xenarium.emulator.memoryop.MemoryRule.ACQ_21;
import static org.xenarium.emulator.memoryop.MemoryRule.ACQ_22;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Lock;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.Errno;

/**
 * acquire_resource (spec §6.9): copy-in and checks; then one step for each chunk of up to {@value #CHUNK} frames, which are looked up, and made if
 * need be, under the write lock of their table, and mapped into the caller as foreign pages.
 */
final class AcquireResource extends Routine {
  private static final int CHUNK = 32;
  private static final long MAX_FRAME = 0xffff_ffffL;

  private final MapSpaces spaces;

  /** Incarnation of the target, once it has been found. */
  private int target = -1;

  private int type;
  private int id;
  private long count;
  private long first;
  private long list;

  /** Frames that are mapped, those of earlier entries into the hypervisor included. */
  private long done;

  AcquireResource(MapSpaces spaces) {
    this.spaces = spaces;
  }

  @Override
  public boolean step(Vcpu vcpu) {
    MemoryRule end = target < 0 ? copyIn(vcpu) : chunk(vcpu);
    if (end != null) {
      vcpu.decided(0, end);
      vcpu.setX(0, end.result());
      return false;
    }
    if (done > MemoryOp.startExtent(vcpu) && vcpu.preempts()) {
      vcpu.issue(MemoryAbi.HYPERCALL, MemoryAbi.ACQUIRE_RESOURCE | done << MemoryAbi.CMD_BITS, vcpu.x(1), vcpu.x(2));
      return false;
    }
    return true;
  }

  private @Nullable MemoryRule copyIn(Vcpu vcpu) {
    Domain caller = vcpu.domain();
    if (!caller.hardware() && !vcpu.world().semantics().has(Difference.ACQUIRE_RESOURCE_FOR_ALL)) {
      return ACQ_01;
    }
    byte[] scratch = vcpu.world().host().scratch;
    if (!GuestBuffers.read(caller, vcpu.x(1), scratch, 0, MemoryAbi.ACQUIRE_SIZE)) {
      return ACQ_02;
    }
    type = Bytes.getShort(scratch, MemoryAbi.ACQUIRE_TYPE);
    id = Bytes.getInt(scratch, MemoryAbi.ACQUIRE_ID);
    count = Bytes.getInt(scratch, MemoryAbi.ACQUIRE_NR_FRAMES) & 0xffff_ffffL;
    first = Bytes.getLong(scratch, MemoryAbi.ACQUIRE_FRAME);
    list = Bytes.getLong(scratch, MemoryAbi.ACQUIRE_FRAME_LIST);
    done = MemoryOp.startExtent(vcpu);
    if (Bytes.getInt(scratch, MemoryAbi.ACQUIRE_PAD) != 0 || ((first | first + count) & ~MAX_FRAME) != 0) {
      return ACQ_03;
    }
    return check(vcpu, Bytes.getShort(scratch, MemoryAbi.ACQUIRE_DOMID));
  }

  private @Nullable MemoryRule check(Vcpu vcpu, int domid) {
    Domain caller = vcpu.domain();
    Domain found = domid == DomId.SELF ? null : vcpu.world().domain(domid);
    if (found == null) {
      return ACQ_04;
    }
    if (found == caller) {
      return ACQ_05;
    }
    if (!caller.mayActOn(found)) {
      return ACQ_06;
    }
    boolean unknown = type > MemoryAbi.RESOURCE_VMTRACE && !vcpu.world().semantics().has(Difference.UNKNOWN_RESOURCE_IS_EMPTY);
    Resource resource = spaces.resource(type);
    long size = unknown ? -Errno.EOPNOTSUPP : resource == null ? 0 : resource.size(found, id);
    if (size == 0) {
      return ACQ_07;
    }
    if (list == 0) {
      return count == 0 && done == 0 ? tellSize(vcpu, size) : ACQ_08;
    }
    if (done >= count || count > MemoryAbi.MAX_EXTENTS) {
      return ACQ_11;
    }
    target = found.incarnation();
    return unknown ? ACQ_20 : null;
  }

  private static MemoryRule tellSize(Vcpu vcpu, long size) {
    byte[] scratch = vcpu.world().host().scratch;
    Bytes.setInt(scratch, 0, (int) size);
    boolean written = GuestBuffers.write(vcpu.domain(), vcpu.x(1) + MemoryAbi.ACQUIRE_NR_FRAMES, scratch, 0, Integer.BYTES);
    return !written ? ACQ_10 : size < 0 ? ACQ_21 : ACQ_09;
  }

  /** The rule that ends the call, or null when another chunk is to come. */
  private @Nullable MemoryRule chunk(Vcpu vcpu) {
    Domain owner = vcpu.world().incarnation(target);
    Resource resource = spaces.resource(type);
    if (owner == null || resource == null) {
      throw new IllegalStateException("domain " + target + " or its resource left during an operation on it");
    }
    int wanted = (int) Math.min(CHUNK, count - done);
    long[] frames = resource.frames(owner, id, first + done, wanted);
    if (frames.length == 0) {
      return ACQ_12;
    }
    byte[] scratch = vcpu.world().host().scratch;
    if (!GuestBuffers.read(vcpu.domain(), list + done * Long.BYTES, scratch, 0, wanted * Long.BYTES)) {
      return ACQ_13;
    }
    for (int i = 0; i < wanted; i++) {
      MemoryRule failure = map(vcpu.domain(), owner, Bytes.getLong(scratch, i * Long.BYTES), frames[i]);
      if (failure != null) {
        return i == 0 ? failure : ACQ_14;
      }
    }
    done += wanted;
    return done == count ? ACQ_18 : null;
  }

  private static @Nullable MemoryRule map(Domain mapper, Domain owner, long gfn, long mfn) {
    MachineMemory memory = mapper.world().memory();
    if (!memory.get(mfn, owner.incarnation())) {
      return ACQ_19;
    }
    MemoryRule failure =
        switch (mapper.physmap().set(gfn, mfn, EntryType.MAP_FOREIGN_RW)) {
          case OUT_OF_REACH -> ACQ_15;
          case NO_TABLE -> ACQ_16;
          case NO_SPLIT -> ACQ_17;
          case DYING -> ACQ_22;
          case DONE, OTHER_FRAME -> null;
        };
    if (failure != null) {
      memory.put(mfn);
    }
    return failure;
  }

  @Override
  public boolean refersTo(int incarnation) {
    return target == incarnation;
  }

  @Override
  public long needs(Vcpu vcpu) {
    return target < 0 ? Lock.NONE : Lock.table(target);
  }

  @Override
  public void digest(Digest digest) {
    digest.add(MemoryAbi.ACQUIRE_RESOURCE).add(target).add(type).add(id).add(count).add(first).add(list).add(done);
  }
}
