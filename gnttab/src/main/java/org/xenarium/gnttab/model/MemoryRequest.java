package org.xenarium.gnttab.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.memoryop.MemoryAbi;

/**
 * What a memory_op call asks for, as its caller has written it (spec §6).
 *
 * @param domid as passed, DOMID_SELF included
 * @param space or type of resource; the order of extents for reservations
 * @param foreign domain whose page it is, or the id of a resource
 * @param indexes what is to arrive; empty for reservations
 * @param gfns where; as far as the list can be read and is not absurdly long
 */
record MemoryRequest(int domid, int space, int foreign, long[] indexes, long[] gfns) {
  /** More elements of one call than this are not followed one by one. */
  static final int MOST = 1 << 16;

  /** Reads it; null if it cannot be read. */
  static @Nullable MemoryRequest read(Domain caller, long address, int operation) {
    byte[] struct = new byte[MemoryAbi.RESERVATION_SIZE];
    int size =
        switch (operation) {
          case MemoryAbi.ADD_TO_PHYSMAP -> MemoryAbi.ADD_SIZE;
          case MemoryAbi.REMOVE_FROM_PHYSMAP -> MemoryAbi.REMOVE_SIZE;
          default -> MemoryAbi.RESERVATION_SIZE;
        };
    if (!GuestBuffers.read(caller, address, struct, 0, size)) {
      return null;
    }
    return switch (operation) {
      case MemoryAbi.ADD_TO_PHYSMAP ->
          new MemoryRequest(
              Bytes.getShort(struct, MemoryAbi.ADD_DOMID),
              Bytes.getShort(struct, MemoryAbi.ADD_SPACE),
              0,
              new long[] {Bytes.getLong(struct, MemoryAbi.ADD_IDX)},
              new long[] {Bytes.getLong(struct, MemoryAbi.ADD_GPFN)});
      case MemoryAbi.REMOVE_FROM_PHYSMAP ->
          new MemoryRequest(
              Bytes.getShort(struct, MemoryAbi.REMOVE_DOMID), 0, 0, new long[0], new long[] {Bytes.getLong(struct, MemoryAbi.REMOVE_GPFN)});
      case MemoryAbi.ADD_TO_PHYSMAP_BATCH -> {
        int count = Bytes.getShort(struct, MemoryAbi.BATCH_COUNT);
        yield new MemoryRequest(
            Bytes.getShort(struct, MemoryAbi.BATCH_DOMID),
            Bytes.getShort(struct, MemoryAbi.BATCH_SPACE),
            Bytes.getShort(struct, MemoryAbi.BATCH_FOREIGN),
            list(caller, Bytes.getLong(struct, MemoryAbi.BATCH_IDXS), count),
            list(caller, Bytes.getLong(struct, MemoryAbi.BATCH_GPFNS), count));
      }
      case MemoryAbi.ACQUIRE_RESOURCE -> {
        int count = (int) Math.min(MOST, Integer.toUnsignedLong(Bytes.getInt(struct, MemoryAbi.ACQUIRE_NR_FRAMES)));
        long first = Bytes.getLong(struct, MemoryAbi.ACQUIRE_FRAME);
        long[] frames = new long[count];
        Arrays.setAll(frames, i -> first + i);
        yield new MemoryRequest(
            Bytes.getShort(struct, MemoryAbi.ACQUIRE_DOMID),
            Bytes.getShort(struct, MemoryAbi.ACQUIRE_TYPE),
            Bytes.getInt(struct, MemoryAbi.ACQUIRE_ID),
            frames,
            list(caller, Bytes.getLong(struct, MemoryAbi.ACQUIRE_FRAME_LIST), count));
      }
      default -> {
        long extents = Bytes.getLong(struct, MemoryAbi.RESERVATION_NR_EXTENTS);
        int count = (int) (Long.compareUnsigned(extents, MOST) > 0 ? MOST : extents);
        yield new MemoryRequest(
            Bytes.getShort(struct, MemoryAbi.RESERVATION_DOMID),
            Bytes.getInt(struct, MemoryAbi.RESERVATION_EXTENT_ORDER),
            0,
            new long[0],
            operation == MemoryAbi.INCREASE_RESERVATION ? new long[0] : list(caller, Bytes.getLong(struct, MemoryAbi.RESERVATION_EXTENT_START), count));
      }
    };
  }

  /** Whether somebody has written over its lists meanwhile, so that nobody knows what the hypervisor has read. */
  boolean isChanged(@Nullable MemoryRequest now) {
    return now == null || !Arrays.equals(gfns, now.gfns) || !Arrays.equals(indexes, now.indexes);
  }

  /** As much of an array of u64 as can be read. */
  private static long[] list(Domain caller, long address, int count) {
    byte[] word = new byte[Long.BYTES];
    long[] list = new long[count];
    for (int i = 0; i < count; i++) {
      if (!GuestBuffers.read(caller, address + (long) i * Long.BYTES, word, 0, Long.BYTES)) {
        return Arrays.copyOf(list, i);
      }
      list[i] = Bytes.getLong(word, 0);
    }
    return list;
  }
}
