package org.xenarium.gnttab.driver;

import static org.xenarium.gnttab.driver.DriverDifference.Kind.DEFECT;
import static org.xenarium.gnttab.driver.DriverDifference.Kind.SETTLED;
import static org.xenarium.gnttab.driver.DriverDifference.Kind.TRAIT;
import static org.xenarium.gnttab.driver.DriverVersion.CONTRACT;
import static org.xenarium.gnttab.driver.DriverVersion.V0;
import static org.xenarium.gnttab.driver.DriverVersion.V1;
import static org.xenarium.gnttab.driver.DriverVersion.V2;
import static org.xenarium.gnttab.driver.DriverVersion.V3;
import static org.xenarium.gnttab.driver.DriverVersion.V4;
import static org.xenarium.gnttab.driver.DriverVersion.V5;
import static org.xenarium.gnttab.driver.DriverVersion.V6;
import static org.xenarium.gnttab.driver.DriverVersion.V7;

import com.google.common.collect.ImmutableSet;

/**
 * One way in which versions of Zephyr's driver differ from what its documentation promises. Each is asked for at one place of the driver, and
 * {@link DriverConfig} can combine them at will. Those with a number D-Z are mistakes; the others are earlier designs.
 */
public enum DriverDifference {
  END_INVERTED("D-Z1", "end_access takes busy for cleared: a busy reference is freed, a cleared one never", "code", V1, V2, V3, V4, V5, V6, V7),
  LOCK_LEAK("D-Z2", "freeing a free reference returns with interrupts masked", "code", V4, V5, V6, V7),
  UNCHECKED_FREE("D-Z3", "a reference can be freed twice: the list bites its tail", "PR 82810", V0, V1, V3),
  MAP_STRUCTS_UNMAPPED("D-Z4", "unmap_refs hands map elements to the hypervisor", "PR 82810", V0, V1, V2, V3),
  LATE_SUCCESS_LOST("D-Z5", "the answer of the 19th retry is replaced by bad_page", "code", V0, V1, V2, V3, V4, V5, V6, V7),
  BLOCK_LOST("D-Z6", "get_pages whose first removal fails keeps the block of the heap", "code", V1, V3, V5, V6, V7),
  PAGE_PER_CYCLE(SETTLED, "D-Z7", "without regions and direct map, each get and put costs a page", "code", CONTRACT, V1, V2, V3, V4, V5, V6, V7),
  PARTIAL_PUT("D-Z8", "put_pages that is populated in part stays so", "code", V5, V6, V7),
  FAILED_IN_VA("D-Z10", "an element that failed gets a virtual address all the same", "PR 103152", V3, V5, V6),
  NO_CHECK_OF_REGION("D-Z11", "addresses outside of the regions are accepted", "PR 103152", V3, V5, V6),
  VA_GOES_FIRST("D-Z12", "unmap_refs removes all virtual addresses before it knows what is unmapped", "code", V3, V5, V6, V7),
  SAME_ADDRESS_TWICE("D-Z13", "two mappings at one address are accepted", "code", V0, V1, V2, V3, V4, V5, V6, V7),
  DONE_ELEMENTS_HIDDEN("D-Z14", "after a hypercall that failed half-way nobody looks at the statuses", "code", V0, V1, V2, V3, V4, V5, V6, V7),
  BLOCKS_FOR_EVER(SETTLED, "D-Z16", "grant_access without a free reference waits for ever", "code", CONTRACT, V0, V1, V3, V4, V5, V6, V7),
  GROWTH_UNSAFE("D-Z17", "reference 8 is never free, and a growth that fails is taken for done", "code", V2),
  FRAMES_ASCENDING("D-Z18", "grant frames are mapped one by one from the first, then set up once more", "PR 82810", V0, V1, V3),
  UNCHECKED_REF("D-Z20", "end_access looks at no reference before it uses it", "code", V0, V1, V2, V3, V4, V5, V6, V7),

  DESCENDING(TRAIT, "descending", "references are handed out from the last one down", "code", V0, V1, V2, V3),
  RELEASE_IS_1(TRAIT, "release-is-1", "end_access returns 1 for released and 0 for busy", "code", V0),
  GROWING(TRAIT, "growing", "the table begins with one frame and grows; without a reference, grant_access returns an invalid one", "code", V2),
  NO_PAGES(TRAIT, "no-pages", "there is no get_pages and no put_pages", "code", V0),
  SINGLE_PAGES(TRAIT, "single-pages", "get_page and put_page, which returns nothing, instead of get_pages and put_pages", "PR 95934", V1, V2, V3, V4),
  NO_REGIONS(TRAIT, "no-regions", "CONFIG_XEN_REGIONS does not exist", "code", V0, V1, V2, V4),
  PAGES_OF_HEAP(TRAIT, "pages-of-heap", "get_pages takes from the heap also where there are regions", "PR 103152", V3, V5),
  PUT_IGNORES_REGION(TRAIT, "put-ignores-region", "put_pages returns 0 whatever the region's allocator says", "PR 103152", V6),
  VA_RESULT_IGNORED(TRAIT, "va-ignored", "a virtual address that cannot be mapped or unmapped is not noticed", "PR 103152", V3, V5, V6),
  NO_QUERY_SIZE(TRAIT, "no-query-size", "there is no gnttab_query_size", "code", V0, V1, V2, V3, V4, V5, V6);

  /** What a difference is. */
  public enum Kind {
    /** A mistake. */
    DEFECT,
    /** A weakness that the promised driver has, too, because the documentation settles it so or is silent. */
    SETTLED,
    /** An earlier design. */
    TRAIT
  }

  private final Kind kind;
  private final String id;
  private final String what;
  private final String source;
  private final ImmutableSet<DriverVersion> versions;

  DriverDifference(String id, String what, String source, DriverVersion... versions) {
    this(DEFECT, id, what, source, versions);
  }

  DriverDifference(Kind kind, String id, String what, String source, DriverVersion... versions) {
    this.kind = kind;
    this.id = id;
    this.what = what;
    this.source = source;
    this.versions = ImmutableSet.copyOf(versions);
  }

  public Kind kind() {
    return kind;
  }

  /** Its number, such as {@code D-Z1}, or short name. */
  public String id() {
    return id;
  }

  /** What is different, in words. */
  public String what() {
    return what;
  }

  /** The pull request that changed it, or that it was found in the code of the versions. */
  public String source() {
    return source;
  }

  /** Does that version have it? */
  public boolean isIn(DriverVersion version) {
    return versions.contains(version);
  }

  /** Versions that have it. */
  public ImmutableSet<DriverVersion> versions() {
    return versions;
  }
}
