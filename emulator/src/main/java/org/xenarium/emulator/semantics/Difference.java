package org.xenarium.emulator.semantics;

/**
 * A change of behaviour that tells releases apart (spec §9.1). Code asks {@link Semantics#has} where the behaviour matters, and nowhere for a
 * release by its number.
 *
 * <p>A release stands for the tip of its stable branch, so a change that was backported begins before the release that had it first; the
 * constant says so. Rows V7, V8 and V12 are true of all releases here by such backports or by age, V1 to V6 by age; V14 has no effect that a
 * guest could see; V35 is a parameter of the machine.
 */
public enum Difference {
  INITIAL_VERSION_1(
      "V9",
      Release.V4_12,
      "a new grant table has version 0 and no entries until its first setup_table or add_to_physmap",
      "a new grant table has version 1"),
  SILO_BY_DEFAULT("V10", Release.V4_13, "Arm boots with the security policy dummy", "Arm boots with the security policy SILO"),
  GRANT_TABLE_OPTIONAL("V11", Release.V4_13, "grant tables are always there", "a build may leave grant tables out"),
  /** First in 4.17; backports down to 4.13 were seen. */
  P2M_POOL(
      "V23",
      Release.V4_13,
      "page tables of a physmap come from the host's memory, and a dying domain's physmap takes insertions",
      "page tables come from a pool of the domain, which may be exhausted, and a dying domain's physmap takes no insertions"),
  ONE_COUNTER_FULL(
      "V13", Release.V4_15, "a pin fails when any of the four counters is full", "a pin fails when the counter that it increments is full"),
  ACQUIRE_RESOURCE_FOR_ALL(
      "V15", Release.V4_15, "acquire_resource answers -EACCES to all but the hardware domain", "every domain may call acquire_resource"),
  NO_SPACE(
      "V16", Release.V4_16, "a map without a free handle fails with no_device_space", "a map without a free handle fails with no_space"),
  VERSION_PER_DOMAIN(
      "V17", Release.V4_16, "the host's highest version is every domain's", "a domain is created with a highest version of its own"),
  EXTENDED_REGIONS("V18", Release.V4_16, "no domain is offered extended regions", "Dom0 and domains of libxl are offered extended regions"),
  /** Not in the list of differences. Feature bits 15 and 16 of {@code xen/include/public/features.h}. */
  DIRECT_MAP_ANNOUNCED(
      "X2",
      Release.V4_16,
      "whether a domain is direct-mapped is not announced as a feature",
      "whether a domain is direct-mapped is announced as a feature"),
  EXTENDED_REGIONS_DOM0LESS(
      "V19", Release.V4_17, "dom0less domains are offered no extended regions", "dom0less domains are offered extended regions"),
  ADDED_FRAME_STAYS(
      "V20",
      Release.V4_17,
      "add_to_physmap of a grant frame that lies somewhere moves it; shared_info then lies at both places",
      "add_to_physmap of a frame that lies somewhere fails with -EBUSY"),
  REMOVAL_NAMES_FRAME(
      "V21",
      Release.V4_17,
      "an unmap removes whatever lies at the host address",
      "an unmap fails with general_error when another frame lies at the host address"),
  TRANSFER_REFUSED(
      "V22",
      Release.V4_17,
      "transfer answers each element: bad_page for a hole, else general_error; no page ever moves",
      "transfer answers -EOPNOTSUPP"),
  /** On master and the tips of 4.17 to 4.22 since July 2026; measured on 4.17.7. Older branches are closed. */
  UPGRADE_CHECKS_FRAME(
      "V31",
      Release.V4_17,
      "a copy that upgrades a pinned entry to writing goes to the pinned frame, whatever the entry names now",
      "a copy that upgrades a pinned entry to writing fails when the entry names another frame or part"),
  /** As V31. */
  VERSION_WAITS_FOR_COPIES(
      "V32",
      Release.V4_17,
      "a table changes to version 1 under sub-page and transitive copies in flight",
      "set_version answers -EAGAIN while sub-page or transitive copies are in flight"),
  /**
   * Made after the baseline of August 2026, which 4.23-dev stands for, and measured on 4.17.7. What reached the oldest open branch is taken to
   * be in the younger ones; of 4.18 to 4.22 that was not measured.
   */
  COPY_DOMAINS_FIRST(
      "V34",
      Release.V4_17,
      Release.V4_22,
      "a copy refuses a foreign frame number and looks the domain up for each operand in turn",
      "a copy looks both domains up first and refuses a foreign frame number when it claims the operand"),
  /** First in 4.18, and not in 4.17.7, where the earlier behaviour was measured. */
  LIST_STOPS_AT_FAULT(
      "V24",
      Release.V4_18,
      "a frame list goes on behind an entry that cannot be written",
      "a frame list ends at the first entry that cannot be written"),
  /** Not in the list of differences; measured on 4.17.7. Feature bit 18 of {@code xen/include/public/features.h}. */
  RUNSTATE_BY_ADDRESS(
      "X1",
      Release.V4_18,
      "the feature of registering run-state areas by physical address is not announced",
      "the feature of registering run-state areas by physical address is announced"),
  EMPTY_COPY_OKAY("V25", Release.V4_19, "a copy of no bytes is checked like any other", "a copy of no bytes always succeeds"),
  /**
   * First in 4.22, and on the tips of 4.20 and 4.21. What the earlier race leads to is not specified: here the version is always read under the
   * lock.
   */
  SET_VERSION_SERIALIZED(
      "V30", Release.V4_20, "set_version looks at the current version before it takes the lock", "set_version looks under the lock"),
  /** On master since July 2026, and on the tips of 4.20 to 4.22; not on 4.17.7, where the earlier behaviour was measured, DOMID_IO aside. */
  FOREIGN_IO_REFUSED(
      "V33",
      Release.V4_20,
      "gmfn_foreign with DOMID_IO brings the hypervisor down, the caller's own id answers -ESRCH, and DOMID_SELF is the caller",
      "gmfn_foreign with DOMID_IO or DOMID_SELF answers -ESRCH, and the caller's own id -EPERM"),
  /** Not in the list of differences; the earlier behaviour was measured on 4.17.7. */
  UNKNOWN_RESOURCE_IS_EMPTY(
      "X3",
      Release.V4_20,
      "acquire_resource of an unknown kind answers -EOPNOTSUPP, and its size is that number",
      "acquire_resource of an unknown kind answers -EINVAL, also when asked for the size"),
  CACHE_FLUSH_ON_ARM_ONLY("V26", Release.V4_21, "cache_flush exists on x86 too", "cache_flush exists on Arm only"),
  UNMAPPED_READS_ONES(
      "V27",
      Release.V4_21,
      "an access to a hole aborts",
      "a domain may be created such that loads from holes read ones and stores are dropped"),
  IOMEM_NOT_IN_REGIONS(
      "V28", Release.V4_21, "libxl offers extended regions over device memory", "libxl leaves device memory out of extended regions"),
  XENSTORE_ENTRY_SEEDED("V29", Release.V4_21, "dom0less seeds no grant entries", "dom0less seeds the xenstore entry, reference 1");

  private final String id;
  private final Release first;
  private final Release last;
  private final String before;
  private final String after;

  Difference(String id, Release first, String before, String after) {
    this(id, first, Release.V4_23_DEV, before, after);
  }

  Difference(String id, Release first, Release last, String before, String after) {
    this.id = id;
    this.first = first;
    this.last = last;
    this.before = before;
    this.after = after;
  }

  /** The row of spec §9.1, such as {@code V24}; with an X where it has none. */
  public String id() {
    return id;
  }

  /** The first release that has it. */
  public Release first() {
    return first;
  }

  /** What releases without it do. */
  public String before() {
    return before;
  }

  /** What releases with it do. */
  public String after() {
    return after;
  }

  /** Does the release, as the tip of its stable branch, have it? */
  public boolean isIn(Release release) {
    return release.compareTo(first) >= 0 && release.compareTo(last) <= 0;
  }
}
