package org.xenarium.emulator.memoryop;

import static org.assertj.core.api.Assertions.assertThat;

import org.xenarium.emulator.Calls;
import org.xenarium.emulator.LentFrames;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.semantics.Semantics;

/** Typed writers of memory_op's argument structures; what a structure does not name is filled with 0x5a. */
public abstract class MemoryCalls extends Calls {
  protected MemoryCalls() {}

  protected MemoryCalls(Semantics semantics) {
    super(semantics);
  }

  protected static final int SELF = DomId.SELF;
  protected static final int NOBODY = 77;
  protected static final int GUEST = 1;
  protected static final int OTHER = 2;

  protected static final int EPERM = -1;
  protected static final int ENOENT = -2;
  protected static final int ESRCH = -3;
  protected static final int ENOMEM = -12;
  protected static final int EACCES = -13;
  protected static final int EFAULT = -14;
  protected static final int EBUSY = -16;
  protected static final int EINVAL = -22;
  protected static final int EDOM = -33;
  protected static final int EIO = -5;
  protected static final int ENOSYS = -38;
  protected static final int EOPNOTSUPP = -95;

  /** Where the lists of batches lie. */
  protected static final long IDXS = LIST;

  protected static final long GPFNS = LIST + 0x400;
  protected static final long ERRS = LIST + 0x800;
  protected static final int EOVERFLOW = -75;
  protected static final int EILSEQ = -84;

  protected Answer memoryOp(Domain caller, int operation, long startExtent, long pointer) {
    return ask(caller, MemoryAbi.HYPERCALL, startExtent << MemoryAbi.CMD_BITS | operation, pointer);
  }

  protected static void fillArgument(Domain caller) {
    for (int at = 0; at < 80; at += 8) {
      store(caller, ARGUMENT + at, 8, 0x5a5a5a5a5a5a5a5aL);
    }
  }

  protected static void writeAdd(Domain caller, int domid, int size, int space, long idx, long gfn) {
    fillArgument(caller);
    store(caller, ARGUMENT + MemoryAbi.ADD_DOMID, 2, domid);
    store(caller, ARGUMENT + MemoryAbi.ADD_COUNT, 2, size);
    store(caller, ARGUMENT + MemoryAbi.ADD_SPACE, 4, space);
    store(caller, ARGUMENT + MemoryAbi.ADD_IDX, 8, idx);
    store(caller, ARGUMENT + MemoryAbi.ADD_GPFN, 8, gfn);
  }

  protected Answer add(Domain caller, int domid, int space, long idx, long gfn) {
    writeAdd(caller, domid, 0x5a5a, space, idx, gfn);
    return memoryOp(caller, MemoryAbi.ADD_TO_PHYSMAP, 0, ARGUMENT);
  }

  protected Answer addRange(Domain caller, int start, int size, long idx, long gfn) {
    writeAdd(caller, SELF, size, MemoryAbi.SPACE_GMFN_RANGE, idx, gfn);
    return memoryOp(caller, MemoryAbi.ADD_TO_PHYSMAP, start, ARGUMENT);
  }

  protected Answer remove(Domain caller, int domid, long gfn) {
    fillArgument(caller);
    store(caller, ARGUMENT + MemoryAbi.REMOVE_DOMID, 2, domid);
    store(caller, ARGUMENT + MemoryAbi.REMOVE_GPFN, 8, gfn);
    return memoryOp(caller, MemoryAbi.REMOVE_FROM_PHYSMAP, 0, ARGUMENT);
  }

  protected Answer query(Domain caller, int operation, int domid) {
    fillArgument(caller);
    store(caller, ARGUMENT + MemoryAbi.QUERY_DOMID, 2, domid);
    return memoryOp(caller, operation, 0, ARGUMENT);
  }

  protected static void writeReservation(Domain caller, int domid, long list, long extents, int order, int memFlags) {
    fillArgument(caller);
    store(caller, ARGUMENT + MemoryAbi.RESERVATION_EXTENT_START, 8, list);
    store(caller, ARGUMENT + MemoryAbi.RESERVATION_NR_EXTENTS, 8, extents);
    store(caller, ARGUMENT + MemoryAbi.RESERVATION_EXTENT_ORDER, 4, order);
    store(caller, ARGUMENT + MemoryAbi.RESERVATION_MEM_FLAGS, 4, memFlags);
    store(caller, ARGUMENT + MemoryAbi.RESERVATION_DOMID, 2, domid);
  }

  protected static void writeList(Domain caller, long... gfns) {
    for (int i = 0; i < gfns.length; i++) {
      store(caller, LIST + 8L * i, 8, gfns[i]);
    }
  }

  /** A reservation call whose extents have the given order and begin at these gfns. */
  protected Answer reserve(Domain caller, int operation, int domid, int order, int memFlags, long... gfns) {
    writeReservation(caller, domid, LIST, gfns.length, order, memFlags);
    writeList(caller, gfns);
    return memoryOp(caller, operation, 0, ARGUMENT);
  }

  protected Answer populate(Domain caller, long... gfns) {
    return reserve(caller, MemoryAbi.POPULATE_PHYSMAP, SELF, 0, 0, gfns);
  }

  protected Answer decrease(Domain caller, long... gfns) {
    return reserve(caller, MemoryAbi.DECREASE_RESERVATION, SELF, 0, 0, gfns);
  }

  /** One element of a batch. */
  protected record Element(long idx, long gfn) {}

  protected static void writeBatch(Domain caller, int domid, int space, int foreign, Element... elements) {
    fillArgument(caller);
    store(caller, ARGUMENT + MemoryAbi.BATCH_DOMID, 2, domid);
    store(caller, ARGUMENT + MemoryAbi.BATCH_SPACE, 2, space);
    store(caller, ARGUMENT + MemoryAbi.BATCH_COUNT, 2, elements.length);
    store(caller, ARGUMENT + MemoryAbi.BATCH_FOREIGN, 2, foreign);
    store(caller, ARGUMENT + MemoryAbi.BATCH_IDXS, 8, IDXS);
    store(caller, ARGUMENT + MemoryAbi.BATCH_GPFNS, 8, GPFNS);
    store(caller, ARGUMENT + MemoryAbi.BATCH_ERRS, 8, ERRS);
    for (int i = 0; i < elements.length; i++) {
      store(caller, IDXS + 8L * i, 8, elements[i].idx());
      store(caller, GPFNS + 8L * i, 8, elements[i].gfn());
      store(caller, ERRS + 4L * i, 4, UNWRITTEN);
    }
  }

  /** What a list of errors holds where nothing was written. */
  protected static final int UNWRITTEN = 0x5a5a5a5a;

  protected Answers addAll(Domain caller, int startExtent) {
    return askAll(caller, MemoryAbi.HYPERCALL, (long) startExtent << MemoryAbi.CMD_BITS | MemoryAbi.ADD_TO_PHYSMAP_BATCH, ARGUMENT);
  }

  protected Answers addAll(Domain caller, int domid, int space, int foreign, Element... elements) {
    writeBatch(caller, domid, space, foreign, elements);
    return addAll(caller, 0);
  }

  /** The error that a batch wrote for an element. */
  protected static int error(Domain caller, int element) {
    return (int) load(caller, ERRS + 4L * element, 4);
  }

  protected static void writeAcquire(Domain caller, int domid, int type, int id, int count, long first, long list) {
    fillArgument(caller);
    store(caller, ARGUMENT + MemoryAbi.ACQUIRE_DOMID, 2, domid);
    store(caller, ARGUMENT + MemoryAbi.ACQUIRE_TYPE, 2, type);
    store(caller, ARGUMENT + MemoryAbi.ACQUIRE_ID, 4, id);
    store(caller, ARGUMENT + MemoryAbi.ACQUIRE_NR_FRAMES, 4, count);
    store(caller, ARGUMENT + MemoryAbi.ACQUIRE_PAD, 4, 0);
    store(caller, ARGUMENT + MemoryAbi.ACQUIRE_FRAME, 8, first);
    store(caller, ARGUMENT + MemoryAbi.ACQUIRE_FRAME_LIST, 8, list);
  }

  /** Acquires frames from {@code first} on of the resource that all domains have. */
  protected Answer acquire(Domain caller, int domid, long first, long... gfns) {
    writeAcquire(caller, domid, MemoryAbi.RESOURCE_GRANT_TABLE, 0, gfns.length, first, LIST);
    writeList(caller, gfns);
    return memoryOp(caller, MemoryAbi.ACQUIRE_RESOURCE, 0, ARGUMENT);
  }

  /** One side of an exchange. */
  protected record Side(long list, long extents, int order, int memFlags, int domid) {}

  protected static void writeExchange(Domain caller, Side in, Side out, long exchanged) {
    fillArgument(caller);
    writeSide(caller, ARGUMENT + MemoryAbi.EXCHANGE_IN, in);
    writeSide(caller, ARGUMENT + MemoryAbi.EXCHANGE_OUT, out);
    store(caller, ARGUMENT + MemoryAbi.EXCHANGE_NR_EXCHANGED, 8, exchanged);
  }

  private static void writeSide(Domain caller, long at, Side side) {
    store(caller, at + MemoryAbi.RESERVATION_EXTENT_START, 8, side.list());
    store(caller, at + MemoryAbi.RESERVATION_NR_EXTENTS, 8, side.extents());
    store(caller, at + MemoryAbi.RESERVATION_EXTENT_ORDER, 4, side.order());
    store(caller, at + MemoryAbi.RESERVATION_MEM_FLAGS, 4, side.memFlags());
    store(caller, at + MemoryAbi.RESERVATION_DOMID, 2, side.domid());
  }

  protected Answer exchange(Domain caller, Side in, Side out, long exchanged) {
    writeExchange(caller, in, out, exchanged);
    return memoryOp(caller, MemoryAbi.EXCHANGE, 0, ARGUMENT);
  }

  protected static long exchanged(Domain caller) {
    return load(caller, ARGUMENT + MemoryAbi.EXCHANGE_NR_EXCHANGED, 8);
  }

  protected int lent(Domain domain) {
    return domain.part(LentFrames.Part.class).count();
  }

  /** A lent page that was given back with decrease_reservation: it has no reference left and is not given to anybody. */
  protected void giveSharedInfoBack() {
    assertThat(add(guest, SELF, MemoryAbi.SPACE_SHARED_INFO, 0, HOLE).result()).isZero();
    assertThat(decrease(guest, HOLE).result()).isEqualTo(1);
  }
}
