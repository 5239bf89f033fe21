package org.xenarium.scenarios.property;

import com.google.common.collect.ImmutableList;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.gnttab.driver.Region;

/**
 * What a {@link GuestDriver} can do. Loads, stores, compare-and-swaps, hypercalls and sleeps are steps: others may act before each of them. What
 * is done to {@link #arguments} and with the heap, nobody else can see; it goes along with the step before. To ask for what there is not, such as
 * an access of 3 bytes, is an error of the driver, which is found.
 */
public interface GuestApi {
  /** Bytes of an entry of a version 1 table: flags (2), domain (2), frame (4). */
  int ENTRY_SIZE = 8;

  /** Loads {@code size} bytes (1, 2, 4 or 8) at a guest-physical address, unsigned. A hole makes the kernel panic. */
  long load(long address, int size);

  /** Stores the low {@code size} bytes (1, 2, 4 or 8) of {@code value}. */
  void store(long address, int size, long value);

  /**
   * Replaces {@code size} bytes (2, 4 or 8) by {@code replacement} if they are {@code expected}, in one indivisible access.
   *
   * @return what was there before
   */
  long compareAndSwap(long address, int size, long expected, long replacement);

  /**
   * Issues a hypercall and waits for its answer.
   *
   * @param number 20 for grant tables, 12 for memory_op, …
   * @param arguments x0 to x4, at most five; missing ones are 0
   * @return x0, a negative errno or what the call gives
   */
  long hypercall(int number, long... arguments);

  /** Guest address of 4096 bytes for the arguments of this vCPU's hypercalls. */
  long arguments();

  /** Sleeps. */
  void sleep(long nanos);

  /** Stops the vCPU for good, as {@code k_panic} does: {@code throw guest.panic("…")}. */
  RuntimeException panic(String text);

  /** A block of the kernel's heap in whole pages; 0 when there is none. */
  long allocate(long bytes);

  /** Frees such a block. Where none begins the kernel panics. */
  void free(long block);

  /** Domid of the guest. */
  int domid();

  /** Where the grant table is to be: guest address of its first entry. */
  long table();

  /** How many grant frames the driver was built for. */
  int frames();

  /** The extended regions of the guest. */
  ImmutableList<Region> regions();

  /** Guest address of an entry, which is that of its flags. */
  default long entry(int ref) {
    return table() + (long) ENTRY_SIZE * Integer.toUnsignedLong(ref);
  }

  /** Maps the frames of the grant table at {@link #table}, the last one first so that the table grows once; panics when it cannot. */
  default void mapTable() {
    for (int frame = frames() - 1; frame >= 0; frame--) {
      store(arguments() + MemoryAbi.ADD_DOMID, 2, DomId.SELF);
      store(arguments() + MemoryAbi.ADD_SPACE, 4, MemoryAbi.SPACE_GRANT_TABLE);
      store(arguments() + MemoryAbi.ADD_IDX, 8, frame);
      store(arguments() + MemoryAbi.ADD_GPFN, 8, (table() >>> MachineMemory.PAGE_SHIFT) + frame);
      if (hypercall(MemoryAbi.HYPERCALL, MemoryAbi.ADD_TO_PHYSMAP, arguments()) != 0) {
        throw panic("grant frame " + frame + " cannot be mapped");
      }
    }
  }
}
