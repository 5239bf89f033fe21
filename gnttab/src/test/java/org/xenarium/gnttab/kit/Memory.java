package org.xenarium.gnttab.kit;

import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.memoryop.MemoryAbi;

/** A guest's memory_op calls on itself (spec §6), as far as users of grants need them. All return x0. */
public final class Memory {
  /** Where in the argument pages of a vCPU lists of frames begin; structs are before it. */
  private static final int LIST = 0x800;

  private final Machine machine;
  private final Vcpu vcpu;
  private final long arguments;

  Memory(Machine machine, Vcpu vcpu, long arguments) {
    this.machine = machine;
    this.vcpu = vcpu;
    this.arguments = arguments;
  }

  /** Maps frame {@code index} of the caller's grant table at {@code gfn}; the table grows as needed. */
  public long addGrantFrame(int index, long gfn) {
    return addToPhysmap(MemoryAbi.SPACE_GRANT_TABLE, index, gfn);
  }

  public long addToPhysmap(int space, long index, long gfn) {
    byte[] struct = new byte[MemoryAbi.ADD_SIZE];
    Bytes.setShort(struct, MemoryAbi.ADD_DOMID, DomId.SELF);
    Bytes.setInt(struct, MemoryAbi.ADD_SPACE, space);
    Bytes.setLong(struct, MemoryAbi.ADD_IDX, index);
    Bytes.setLong(struct, MemoryAbi.ADD_GPFN, gfn);
    return call(MemoryAbi.ADD_TO_PHYSMAP, struct);
  }

  public long removeFromPhysmap(long gfn) {
    byte[] struct = new byte[MemoryAbi.REMOVE_SIZE];
    Bytes.setShort(struct, MemoryAbi.REMOVE_DOMID, DomId.SELF);
    Bytes.setLong(struct, MemoryAbi.REMOVE_GPFN, gfn);
    return call(MemoryAbi.REMOVE_FROM_PHYSMAP, struct);
  }

  /** Maps frames {@code first} and on of another domain's grant table at these guest frames. */
  public long acquireGrantFrames(int domid, int first, long... gfns) {
    byte[] struct = new byte[MemoryAbi.ACQUIRE_SIZE];
    Bytes.setShort(struct, MemoryAbi.ACQUIRE_DOMID, domid);
    Bytes.setShort(struct, MemoryAbi.ACQUIRE_TYPE, MemoryAbi.RESOURCE_GRANT_TABLE);
    Bytes.setInt(struct, MemoryAbi.ACQUIRE_NR_FRAMES, gfns.length);
    Bytes.setLong(struct, MemoryAbi.ACQUIRE_FRAME, first);
    Bytes.setLong(struct, MemoryAbi.ACQUIRE_FRAME_LIST, writeList(gfns));
    return call(MemoryAbi.ACQUIRE_RESOURCE, struct);
  }

  /** Gives pages back to the hypervisor. */
  public long decrease(long... gfns) {
    return reservation(MemoryAbi.DECREASE_RESERVATION, 0, gfns);
  }

  /** Asks for 2^order new pages at each of the guest frames. */
  public long populate(int order, long... gfns) {
    return reservation(MemoryAbi.POPULATE_PHYSMAP, order, gfns);
  }

  private long reservation(int operation, int order, long... gfns) {
    byte[] struct = new byte[MemoryAbi.RESERVATION_SIZE];
    Bytes.setLong(struct, MemoryAbi.RESERVATION_EXTENT_START, writeList(gfns));
    Bytes.setLong(struct, MemoryAbi.RESERVATION_NR_EXTENTS, gfns.length);
    Bytes.setInt(struct, MemoryAbi.RESERVATION_EXTENT_ORDER, order);
    Bytes.setShort(struct, MemoryAbi.RESERVATION_DOMID, DomId.SELF);
    return call(operation, struct);
  }

  private long writeList(long... gfns) {
    byte[] list = new byte[8 * gfns.length];
    for (int i = 0; i < gfns.length; i++) {
      Bytes.setLong(list, 8 * i, gfns[i]);
    }
    GuestBuffers.write(vcpu.domain(), arguments + LIST, list, 0, list.length);
    return arguments + LIST;
  }

  public long currentReservation() {
    return query(MemoryAbi.CURRENT_RESERVATION);
  }

  public long maximumGpfn() {
    return query(MemoryAbi.MAXIMUM_GPFN);
  }

  private long query(int operation) {
    byte[] struct = new byte[MemoryAbi.QUERY_SIZE];
    Bytes.setShort(struct, MemoryAbi.QUERY_DOMID, DomId.SELF);
    return call(operation, struct);
  }

  private long call(int operation, byte[] struct) {
    GuestBuffers.write(vcpu.domain(), arguments, struct, 0, struct.length);
    return callAt(operation, arguments);
  }

  /** An operation with the argument struct at {@code address}. */
  public long callAt(int operation, long address) {
    return machine.call(vcpu, MemoryAbi.HYPERCALL, operation, address, 0);
  }
}
