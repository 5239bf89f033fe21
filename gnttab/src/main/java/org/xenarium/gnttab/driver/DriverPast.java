package org.xenarium.gnttab.driver;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.state.Mirror;

/** A guest's driver and physmap as they were when a watch looked at them last, and what has changed since it found them well. */
final class DriverPast {
  private final Domain domain;
  private final GrantDriver driver;
  private final Mirror list;
  private final Mirror heap;
  private final Mirror regions;
  private final Mirror claims;
  private final Mirror entries;
  private final @Nullable Mirror tables;
  private final Mirror.Visitor toReferences = this::reference;
  private final Mirror.Visitor toPages = this::page;
  private final Mirror.Visitor toEntries = this::entry;

  /** What is in no store. */
  private long numbers;

  private int freeCount;
  private int entryCount;
  private long totPages;
  private long maxMapped;
  private long poolLeft;

  final KnownList known;

  /** What G1 reads has changed; until it is found well. */
  private boolean references = true;

  /** What G6 and G11 read has changed, except for the owners of frames, which the count of pages goes with; until it is found well. */
  private boolean pages = true;

  /** Pages at guest frames of the physmap, as G6 counts them; -1 when they are to be counted again. */
  private long ram = -1;

  DriverPast(Domain domain) {
    this.domain = domain;
    driver = GrantDriver.of(domain);
    known = new KnownList(driver);
    list = driver.list().mirror();
    heap = driver.heap().mirror();
    regions = driver.regions().mirror();
    claims = driver.mirrorOfClaims();
    entries = domain.physmap().mirror();
    tables = domain.physmap().mirrorOfTables();
    look();
  }

  /** Looks at everything: from now on this is the past. */
  void look() {
    list.look(toReferences);
    heap.look(toPages);
    regions.look(toPages);
    claims.look((at, old, now) -> {});
    entries.look(toEntries);
    if (tables != null) {
      tables.look(toPages);
    }
    numbers = numbers();
    references |= freeCount != driver.semaphore().count() || entryCount != driver.entryCount();
    freeCount = driver.semaphore().count();
    entryCount = driver.entryCount();
    Physmap physmap = domain.physmap();
    boolean counted = totPages == domain.totPages();
    pages |= !counted || maxMapped != physmap.maxMapped() || poolLeft != physmap.poolLeft();
    ram = counted ? ram : -1;
    totPages = domain.totPages();
    maxMapped = physmap.maxMapped();
    poolLeft = physmap.poolLeft();
  }

  private void reference(long at, long old, long now) {
    references = true;
    known.changed(at, old, now);
  }

  private void page(long at, long old, long now) {
    pages = true;
  }

  private void entry(long at, long old, long now) {
    pages = true;
    if (Physmap.type(old).isRam() || Physmap.type(now).isRam()) {
      ram = -1;
    }
  }

  private long numbers() {
    Digest digest = new Digest();
    driver.digestNumbers(digest);
    driver.semaphore().digest(digest);
    Physmap physmap = domain.physmap();
    return digest.add(driver.heap().freePages()).add(physmap.maxMapped()).add(physmap.poolLeft()).value();
  }

  /** True when anything of driver and physmap is not what it was at the last look. */
  boolean differs() {
    boolean stores = list.differs() || heap.differs() || regions.differs() || claims.differs() || entries.differs();
    return stores || tables != null && tables.differs() || numbers() != numbers;
  }

  boolean referencesChanged() {
    return references;
  }

  void referencesAre(boolean well) {
    references = !well;
  }

  boolean pagesChanged() {
    return pages;
  }

  void pagesAre(boolean well) {
    pages = !well;
  }

  /** Pages at guest frames of the physmap. */
  long ramPages() {
    ram = ram < 0 ? GuestState.ramPages(domain) : ram;
    return ram;
  }
}
