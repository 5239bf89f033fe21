package org.xenarium.emulator.memoryop;

/**
 * Numbers and byte layouts of hypercall {@value #HYPERCALL}, {@code memory_op} ({@code xen/include/public/memory.h}, spec §6.0): 64-bit Arm
 * offsets in bytes.
 */
public final class MemoryAbi {
  /** Hypercall number, passed in x16. */
  public static final int HYPERCALL = 12;

  public static final int INCREASE_RESERVATION = 0;
  public static final int DECREASE_RESERVATION = 1;
  public static final int MAXIMUM_RAM_PAGE = 2;
  public static final int CURRENT_RESERVATION = 3;
  public static final int MAXIMUM_RESERVATION = 4;
  public static final int POPULATE_PHYSMAP = 6;
  public static final int ADD_TO_PHYSMAP = 7;
  public static final int EXCHANGE = 11;
  public static final int MAXIMUM_GPFN = 14;
  public static final int REMOVE_FROM_PHYSMAP = 15;
  public static final int ADD_TO_PHYSMAP_BATCH = 23;
  public static final int ACQUIRE_RESOURCE = 28;

  /** Bits 5:0 of the command hold the operation, the bits above the extent to start with. */
  public static final int CMD_BITS = 6;

  /** Extents that a command has room for above its operation. */
  public static final long MAX_EXTENTS = 0x3ff_ffff;

  /** Address spaces of add_to_physmap, {@code XENMAPSPACE_*}. */
  public static final int SPACE_SHARED_INFO = 0;

  public static final int SPACE_GRANT_TABLE = 1;
  public static final int SPACE_GMFN = 2;
  public static final int SPACE_GMFN_RANGE = 3;
  public static final int SPACE_GMFN_FOREIGN = 4;
  public static final int SPACE_DEV_MMIO = 5;

  /** Resources of acquire_resource, {@code XENMEM_resource_*}. */
  public static final int RESOURCE_IOREQ_SERVER = 0;

  public static final int RESOURCE_GRANT_TABLE = 1;
  public static final int RESOURCE_VMTRACE = 2;

  /** {@code struct xen_memory_reservation}. */
  public static final int RESERVATION_SIZE = 32;

  public static final int RESERVATION_EXTENT_START = 0;
  public static final int RESERVATION_NR_EXTENTS = 8;
  public static final int RESERVATION_EXTENT_ORDER = 16;
  public static final int RESERVATION_MEM_FLAGS = 20;
  public static final int RESERVATION_DOMID = 24;

  /** {@code struct xen_add_to_physmap}. */
  public static final int ADD_SIZE = 24;

  public static final int ADD_DOMID = 0;
  public static final int ADD_COUNT = 2;
  public static final int ADD_SPACE = 4;
  public static final int ADD_IDX = 8;
  public static final int ADD_GPFN = 16;

  /** {@code struct xen_add_to_physmap_batch}. The field at offset 6 is the foreign domain, or reserved. */
  public static final int BATCH_SIZE = 32;

  public static final int BATCH_DOMID = 0;
  public static final int BATCH_SPACE = 2;
  public static final int BATCH_COUNT = 4;
  public static final int BATCH_FOREIGN = 6;
  public static final int BATCH_IDXS = 8;
  public static final int BATCH_GPFNS = 16;
  public static final int BATCH_ERRS = 24;

  /** {@code struct xen_mem_acquire_resource}. */
  public static final int ACQUIRE_SIZE = 32;

  public static final int ACQUIRE_DOMID = 0;
  public static final int ACQUIRE_TYPE = 2;
  public static final int ACQUIRE_ID = 4;
  public static final int ACQUIRE_NR_FRAMES = 8;
  public static final int ACQUIRE_PAD = 12;
  public static final int ACQUIRE_FRAME = 16;
  public static final int ACQUIRE_FRAME_LIST = 24;

  /** {@code struct xen_memory_exchange}: two reservations, in and out, and how much is done. */
  public static final int EXCHANGE_SIZE = 72;

  public static final int EXCHANGE_IN = 0;
  public static final int EXCHANGE_OUT = 32;
  public static final int EXCHANGE_NR_EXCHANGED = 64;

  /** {@code struct xen_remove_from_physmap}. */
  public static final int REMOVE_SIZE = 16;

  public static final int REMOVE_DOMID = 0;
  public static final int REMOVE_GPFN = 8;

  /** The queries take a bare {@code domid_t}. */
  public static final int QUERY_SIZE = 2;

  public static final int QUERY_DOMID = 0;

  private MemoryAbi() {}
}
