package org.xenarium.gnttab.driver;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainPart;
import org.xenarium.emulator.physmap.ExtendedRegions;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.state.SparseBytes;

/**
 * What a guest's grant driver keeps: where its table is mapped, and a list of free references with a semaphore that counts them.
 *
 * <p>The list is last in, first out, as in Zephyr since 4.0: element 0 is the head, element g the free reference after g, 0 ends it, and a
 * reference in use is marked. It begins as 8, 9, and so on; references 0 to 7 are reserved.
 */
public final class GrantDriver implements DomainPart {
  /** References that are never handed out. */
  public static final int RESERVED = 8;

  private static final int USED = -2;
  private static final int ENTRIES_PER_FRAME = 512;
  private static final int ENTRY_SIZE = 8;
  private static final int ENTRY_DOMID = 2;
  private static final int ENTRY_FRAME = 4;

  private final Layout layout;
  private final SparseBytes list;
  private int free;

  /**
   * Where a driver has its things in guest-physical memory.
   *
   * @param table where the grant frames are to be mapped
   * @param frames how many grant frames
   * @param stack RAM of at least a page for the arguments of the driver's own hypercalls
   * @param regions where grants may be mapped
   */
  public record Layout(long table, int frames, long stack, ExtendedRegions regions) {}

  private GrantDriver(Layout layout, SparseBytes list, int free) {
    this.layout = layout;
    this.list = list;
    this.free = free;
  }

  /** Gives a domain a driver, which works once {@link InitDriver} has run. */
  public static GrantDriver install(Domain domain, Layout layout) {
    GrantDriver driver = new GrantDriver(layout, new SparseBytes(), 0);
    domain.attach(driver);
    return driver;
  }

  /** The driver of a domain. */
  public static GrantDriver of(Domain domain) {
    return domain.part(GrantDriver.class);
  }

  public Layout layout() {
    return layout;
  }

  /** How many references there are, reserved ones included. */
  public int entryCount() {
    return layout.frames() * ENTRIES_PER_FRAME;
  }

  /** The semaphore's value: references that can be had without waiting. */
  public int freeCount() {
    return free;
  }

  /** Fills the list with all references that are not reserved. */
  void fill() {
    for (int ref = RESERVED; ref < entryCount() - 1; ref++) {
      setNext(ref, ref + 1);
    }
    setNext(entryCount() - 1, 0);
    setNext(0, RESERVED);
    free = entryCount() - RESERVED;
  }

  /** Takes the first free reference; there must be one. */
  int pop() {
    int ref = next(0);
    setNext(0, next(ref));
    setNext(ref, USED);
    free--;
    return ref;
  }

  /** Puts a reference in front of the list. */
  void push(int ref) {
    setNext(ref, next(0));
    setNext(0, ref);
    free++;
  }

  /** True for references that were handed out and not given back. */
  public boolean isUsed(int ref) {
    return next(ref) == USED;
  }

  private int next(int ref) {
    return list.getInt(4L * ref);
  }

  private void setNext(int ref, int next) {
    list.setInt(4L * ref, next);
  }

  /** Guest address of the flags of an entry. */
  long flagsAddress(int ref) {
    return layout.table() + (long) ENTRY_SIZE * ref;
  }

  long domidAddress(int ref) {
    return flagsAddress(ref) + ENTRY_DOMID;
  }

  long frameAddress(int ref) {
    return flagsAddress(ref) + ENTRY_FRAME;
  }

  @Override
  public DomainPart copy(Domain copied) {
    return new GrantDriver(layout, list.copy(), free);
  }

  @Override
  public void digest(Digest digest) {
    digest.add(list.digest()).add(free);
  }

  @Override
  public void freeze() {
    list.seal();
  }

  /** A driver holds nothing of other domains that the hypervisor would not know of. */
  @Override
  public boolean release() {
    return false;
  }
}
