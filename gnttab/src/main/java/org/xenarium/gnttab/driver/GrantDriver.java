package org.xenarium.gnttab.driver;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainPart;
import org.xenarium.emulator.guest.Heap;
import org.xenarium.emulator.guest.Semaphore;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.state.Mirror;
import org.xenarium.emulator.state.SparseBytes;

/**
 * What a guest's grant driver keeps: a list of free references with a semaphore that counts them, the kernel's heap, the pages of the extended
 * regions, and where grants are mapped.
 */
public final class GrantDriver implements DomainPart {
  private static final int ENTRIES_PER_FRAME = 512;
  private static final int ENTRY_SIZE = 8;
  private static final int ENTRY_DOMID = 2;
  private static final int ENTRY_FRAME = 4;

  private final DriverConfig config;
  private final FreeList list;
  private final Heap heap;
  private final RegionPages regions;

  /** For each guest frame, whether a mapping there exists or is being made. */
  private final SparseBytes claims;

  private Semaphore semaphore;

  /** How many grant frames the table has. */
  private int frames;

  // A table that grows.
  private int mostFrames;
  private int listFrames;
  private long listBlock;
  private boolean growing;

  private GrantDriver(DriverConfig config) {
    this.config = config;
    list = new FreeList();
    heap = new Heap(config.heap(), config.heapPages());
    regions = new RegionPages(config.regions());
    claims = new SparseBytes();
    semaphore = new Semaphore(0, 0);
  }

  private GrantDriver(GrantDriver other) {
    config = other.config;
    list = other.list.copy();
    heap = other.heap.copy();
    regions = other.regions.copy();
    claims = other.claims.copy();
    semaphore = other.semaphore.copy();
    frames = other.frames;
    mostFrames = other.mostFrames;
    listFrames = other.listFrames;
    listBlock = other.listBlock;
    growing = other.growing;
  }

  /** Gives a domain a driver, which works once {@link InitDriver} has run. */
  public static GrantDriver install(Domain domain, DriverConfig config) {
    GrantDriver driver = new GrantDriver(config);
    domain.attach(driver);
    return driver;
  }

  /**
   * The driver of a domain.
   *
   * @throws NoSuchCallException when the kernel was built without it
   */
  public static GrantDriver of(Domain domain) {
    GrantDriver driver = domain.part(GrantDriver.class);
    if (!driver.config.enabled()) {
      throw new NoSuchCallException("the grant driver of domain " + domain.id(), "without CONFIG_XEN_GRANT_TABLE");
    }
    return driver;
  }

  public DriverConfig config() {
    return config;
  }

  boolean has(DriverDifference difference) {
    return config.has(difference);
  }

  /** How many references there are, reserved ones included. */
  public int entryCount() {
    return frames * ENTRIES_PER_FRAME;
  }

  /** How many grant frames the table has. */
  public int frames() {
    return frames;
  }

  /** References that can be had without waiting. */
  public int freeCount() {
    if (!has(DriverDifference.GROWING)) {
      return semaphore.count();
    }
    int count = 0;
    for (int ref = list.head(); ref != 0 && count <= entryCount(); ref = list.after(ref)) {
      count++;
    }
    return count;
  }

  /** True for references that were handed out and not given back. Drivers with D-Z3 do not know. */
  public boolean isUsed(int ref) {
    return list.isUsed(ref);
  }

  /** The list of free references. */
  public FreeList list() {
    return list;
  }

  /** Counts the free references; a growing table has no use for it. */
  public Semaphore semaphore() {
    return semaphore;
  }

  /** The kernel's heap. */
  public Heap heap() {
    return heap;
  }

  /** The pages of the extended regions. */
  public RegionPages regions() {
    return regions;
  }

  /** Puts all references that are not reserved in the list: the first {@code count} frames are there. */
  void fill(int count) {
    frames = count;
    listFrames = count;
    if (has(DriverDifference.DESCENDING)) {
      pushFrame(0, count, has(DriverDifference.GROWTH_UNSAFE) ? FreeList.RESERVED + 1 : FreeList.RESERVED);
    } else {
      for (int ref = entryCount() - 1; ref >= FreeList.RESERVED; ref--) {
        list.push(ref);
      }
    }
    int free = entryCount() - FreeList.RESERVED;
    semaphore = new Semaphore(free, has(DriverDifference.RELEASE_IS_1) ? entryCount() - 1 : free);
  }

  /** Pushes the references of some frames, from {@code least} on, so that the last one is handed out first. */
  private void pushFrame(int first, int count, int least) {
    for (int ref = Math.max(least, first * ENTRIES_PER_FRAME); ref < (first + count) * ENTRIES_PER_FRAME; ref++) {
      list.push(ref);
    }
  }

  int pop() {
    return list.pop(!has(DriverDifference.UNCHECKED_FREE));
  }

  // A table that grows.

  void setMostFrames(int count) {
    mostFrames = count;
  }

  boolean canGrow() {
    return frames < mostFrames;
  }

  /** The mutex that a growing table has: true while it grows. */
  boolean isGrowing() {
    return growing;
  }

  void setGrowing(boolean value) {
    growing = value;
  }

  void addFrame() {
    frames++;
  }

  /** The list has room for so many frames. */
  int listFrames() {
    return listFrames;
  }

  /** The block of the heap that holds the list; 0 before there is one. */
  long listBlock() {
    return listBlock;
  }

  /** The list moves to a block that has room for all frames. */
  void moveList(long block) {
    listBlock = block;
    listFrames = frames;
  }

  /** Puts the references of the last frame in the list. */
  void pushLastFrame() {
    pushFrame(frames - 1, 1, 0);
  }

  // Where grants are mapped.

  /** Claims the page for a mapping; false when there is one already. */
  boolean claim(long address) {
    long gfn = address >>> MachineMemory.PAGE_SHIFT;
    boolean isFree = claims.getByte(gfn) == 0;
    claims.setByte(gfn, 1);
    return isFree;
  }

  void unclaim(long address) {
    claims.setByte(address >>> MachineMemory.PAGE_SHIFT, 0);
  }

  Mirror mirrorOfClaims() {
    return new Mirror(claims);
  }

  /** Guest address of the flags of an entry. */
  long flagsAddress(int ref) {
    return config.table() + (long) ENTRY_SIZE * Integer.toUnsignedLong(ref);
  }

  long domidAddress(int ref) {
    return flagsAddress(ref) + ENTRY_DOMID;
  }

  long frameAddress(int ref) {
    return flagsAddress(ref) + ENTRY_FRAME;
  }

  @Override
  public DomainPart copy(Domain copied) {
    return new GrantDriver(this);
  }

  @Override
  public void digest(Digest digest) {
    list.digest(digest);
    heap.digest(digest);
    regions.digest(digest);
    semaphore.digest(digest);
    digest.add(claims.digest());
    digestNumbers(digest);
    config.digest(digest);
  }

  /** What is in no store. */
  void digestNumbers(Digest digest) {
    digest.add(frames).add(mostFrames).add(listFrames).add(listBlock).add(growing);
  }

  @Override
  public void freeze() {
    list.freeze();
    heap.freeze();
    regions.freeze();
    claims.seal();
  }

  /** A driver holds nothing of other domains that the hypervisor would not know of. */
  @Override
  public boolean release() {
    return false;
  }
}
