package org.xenarium.scenarios.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.hypercall.NotEmulatedException;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;

/**
 * A stretch of a domain's guest frames that no line of the recording names, where its vCPU keeps hypercall arguments. The recordings say from
 * which element on memory cannot be read or written; here that element begins a page which is a hole or read-only.
 */
final class CoreWindow {
  /** What fills memory before inputs are written, so that an answer that was not written shows. */
  static final byte SENTINEL = 0x5a;

  /** Guest frames in one window. */
  private static final int PAGES = 64;

  /** Windows are looked for below the end of the physmap's reach. */
  private static final int PLACES = 1024;

  private final Domain domain;
  private final TreeSet<Long> named;
  private final List<Long> frames = new ArrayList<>();
  private long first;

  /**
   * A window in the domain's physmap.
   *
   * @param named high guest frames that lines have named so far; shared by all windows of the domain
   * @param number which window of the domain it is, so that they do not overlap
   */
  CoreWindow(Domain domain, TreeSet<Long> named, int number) {
    this.domain = domain;
    this.named = named;
    first = domain.physmap().reach() - (long) PAGES * (1 + number);
  }

  /** Guest frames from here up may hold windows; what lines name there must be told. */
  static long lowest(long reach) {
    return reach - (long) PAGES * PLACES;
  }

  boolean contains(long gfn) {
    return gfn >= first && gfn < first + PAGES;
  }

  /** Moves away from guest frames that have been named. */
  void avoidNamed() {
    while (!named.subSet(first, first + PAGES).isEmpty()) {
      clear();
      first -= (long) PAGES * 16;
    }
  }

  /**
   * Lays an array out and returns its guest address.
   *
   * @param at a byte offset into the array at which a page begins; all before it is ordinary memory
   * @param behind what the pages from there on are: RAM_RW, RAM_RO or HOLE
   */
  long lay(byte[] array, int at, EntryType behind) {
    clear();
    int before = (at + MachineMemory.PAGE_SIZE - 1) / MachineMemory.PAGE_SIZE;
    int after = (array.length - at + MachineMemory.PAGE_SIZE - 1) / MachineMemory.PAGE_SIZE;
    if (before + after > PAGES) {
      throw new NotEmulatedException("an array of arguments of " + array.length + " bytes");
    }
    for (int i = 0; i < before; i++) {
      map(i, EntryType.RAM_RW);
    }
    if (behind != EntryType.HOLE) {
      for (int i = 0; i < after; i++) {
        map(before + i, behind);
      }
    }
    long address = (first + before << MachineMemory.PAGE_SHIFT) - at;
    access(array, address, true);
    return address;
  }

  /** The array as it is now; what lies in a hole stays as it is in {@code array}. */
  void read(byte[] array, long address) {
    access(array, address, false);
  }

  private void access(byte[] array, long address, boolean write) {
    MachineMemory memory = domain.world().memory();
    for (int done = 0; done < array.length; ) {
      long at = address + done;
      int offset = (int) at & (MachineMemory.PAGE_SIZE - 1);
      int part = Math.min(array.length - done, MachineMemory.PAGE_SIZE - offset);
      long entry = domain.physmap().entry(at >>> MachineMemory.PAGE_SHIFT);
      if (entry != Physmap.HOLE && write) {
        memory.content().write(memory.address(Physmap.mfn(entry)) + offset, array, done, part);
      } else if (entry != Physmap.HOLE) {
        memory.content().read(memory.address(Physmap.mfn(entry)) + offset, array, done, part);
      }
      done += part;
    }
  }

  private void map(int page, EntryType type) {
    while (frames.size() <= page) {
      frames.add(domain.allocateRam());
    }
    domain.physmap().set(first + page, frames.get(page), type);
  }

  /** Makes the whole window holes again. */
  void clear() {
    for (int i = 0; i < frames.size(); i++) {
      domain.physmap().remove(first + i, frames.get(i));
    }
  }
}
