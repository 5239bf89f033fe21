package org.xenarium.gnttab.invariant;

import static org.xenarium.gnttab.invariant.Condition.ARM;
import static org.xenarium.gnttab.invariant.Condition.D;
import static org.xenarium.gnttab.invariant.Condition.SILO;
import static org.xenarium.gnttab.invariant.Condition.V1;
import static org.xenarium.gnttab.invariant.Condition.W;
import static org.xenarium.gnttab.invariant.Kind.PROGRESS;
import static org.xenarium.gnttab.invariant.Kind.QUIESCENT;
import static org.xenarium.gnttab.invariant.Kind.STEP;
import static org.xenarium.gnttab.invariant.Kind.TRANSITION;

import com.google.common.collect.ImmutableSet;

/**
 * The invariants of grant tables, I1 to I72 (spec §11): number, kind, conditions, what holds, and what a checker reads. The numbers never
 * change their meaning.
 */
public enum Invariant {
  I1(QUIESCENT, "pins, live handles", "an entry has as many read pins as live read-only handles, and as many write pins as writable ones"),
  I2(STEP, "pins, live handles, calls in flight", "pins are live handles, pins of calls in flight and claimed copy buffers, kind by kind"),
  I3(STEP, "pins", "no counter exceeds 128"),
  I4(STEP, "pins", "there are no device pins"),
  I5(STEP, "pins, live handles, calls in flight", "all who pin an entry are the one domain that the active entry names"),
  I6(TRANSITION, "active entries", "frame and domain of an active entry stay the same while it is pinned"),
  I7(QUIESCENT, "pins, frames", "a pinned frame is its granter's and has at least as many references as pins"),
  I8(TRANSITION, "pins", "a step changes one counter of one entry by one; where a transitive entry passes a grant on, one of each of the two"),
  I9(TRANSITION, "pins, results", "an element that does not end in okay leaves no counter changed; an unmap takes one pin for each okay"),
  I10(TRANSITION, "active entries", "an active entry without pins carries nothing that a later result could depend on"),

  I11(QUIESCENT, "flags, pins", "GTF_writing is set exactly while there are write pins", W),
  I12(QUIESCENT, "flags, pins", "GTF_reading is set exactly while there are pins", W),
  I13(STEP, "flags", "GTF_writing is never set without GTF_reading", W),
  I14(STEP, "flags, pins", "the flags are set before the pins that they stand for come, and cleared after they went", W),
  I15(TRANSITION, "shared entries", "outside swap and set_version the hypervisor changes nothing of an entry but GTF_reading and GTF_writing"),
  I16(TRANSITION, "flags", "these bits are set only in the claims of maps and copies, and cleared only in those and in releases"),
  I17(TRANSITION, "shared entries, pins", "a map pins first only what was granted to the mapper, as a whole page, for what it asks"),
  I18(TRANSITION, "shared entries, pins", "the first write pin comes only when GTF_readonly was clear"),
  I19(TRANSITION, "shared entries, pins", "an entry withdrawn while neither bit was set has no pins and gets none until it is valid again", W),
  I20(TRANSITION, "shared entries", "clearing GTF_reading and GTF_writing touches no other bit of the flags"),

  I21(STEP, "maptrack", "a live handle is below the limit, on no free list and in nobody's hands"),
  I22(STEP, "maptrack, calls in flight", "every handle below the limit is live, or on one free list, or in the hands of one call"),
  I23(STEP, "maptrack", "the limit is a multiple of 256, within the configured frames, and never falls while the domain is alive"),
  I24(STEP, "maptrack", "a vCPU that ever had a free list keeps an entry on it"),
  I25(QUIESCENT, "maptrack", "no more handles are live than there are, less one for each free list"),
  I26(TRANSITION, "maptrack", "free lists are first in, first out; handles of a new frame go to the front, in ascending order"),
  I27(STEP, "maptrack", "a live handle has the flags host_map or host_map and readonly"),
  I28(TRANSITION, "maptrack", "a live handle dies only by an unmap with a host address, or with its domain"),
  I29(TRANSITION, "maptrack, results", "each unmap that ends in okay with effect has ended one live handle, and no other unmap has"),
  I30(STEP, "maptrack, domain list", "a live handle names the domain that it was made for, not a later one of the same id"),

  I31(QUIESCENT, "physmaps, live handles", "physmap entries of a grant type and live handles correspond one to one", D),
  I32(QUIESCENT, "physmaps, live handles, pins", "the physmap entry of a handle has the pinned frame and the handle's access", D),
  I33(STEP, "physmaps, stores", "no grant or foreign entry is executable, and no store passes a read-only one"),
  I34(STEP, "physmaps, live handles", "a domain with only read-only handles of a foreign page has no writable grant entry of it", D),
  I35(TRANSITION, "physmaps", "where an unmap has ended a handle there is a hole"),
  I36(TRANSITION, "physmaps, results", "a map that does not end in okay leaves the physmap and its highest frame as they were"),
  I37(TRANSITION, "physmaps", "the highest frame ever mapped never falls"),
  I38(STEP, "physmaps, frames", "a frame of Xen's heap is at one guest frame of its owner at most, the one that is stored with it"),
  I39(TRANSITION, "physmaps", "only map, unmap and a return to version 1 change a physmap among grant calls"),
  I40(QUIESCENT, "physmaps, pins", "no mapping outlives its pin", D),
  I41(STEP, "pins, frames, buffers", "what is granted, copied by frame or used as a hypercall buffer is the domain's own page"),

  I42(QUIESCENT, "frames, live handles, physmaps", "a frame has a reference for being allocated, one for each live handle and one for each foreign entry"),
  I43(STEP, "frames", "a RAM frame without references is free and without owner, and the other way round"),
  I44(STEP, "frames, physmaps, pins", "a free frame is in no physmap and pinned by no entry", D),
  I45(STEP, "frames, domains", "frames are free, lent by Xen, or counted by a listed domain"),
  I46(STEP, "frames, domains", "a domain counts as many pages as it owns"),
  I47(TRANSITION, "domains", "a call that gives a domain pages leaves it within its maximum"),
  I48(TRANSITION, "frames", "a frame passes from one owner to another only by being free"),
  I49(TRANSITION, "frames, physmaps", "a page given back while it is mapped elsewhere leaves a hole, and stays with its owner, content untouched"),
  I50(TRANSITION, "page contents", "map and unmap write only flags and answers; copy also the bytes asked for, and no others"),
  I51(TRANSITION, "page contents", "the death of a granter does not change what a mapping shows"),
  I52(TRANSITION, "frames, physmaps", "a page is lost to its owner only where something is mapped over it, or by remove_from_physmap or populate_physmap"),

  I53(STEP, "tables", "a table has at least one frame, not more than it may have, and never fewer than before"),
  I54(STEP, "tables", "the table has version 1 and no status frames", ARM),
  I55(TRANSITION, "tables, shared entries", "a table grows by entries of zero and without a change of those that it has"),
  I56(TRANSITION, "shared entries, pins", "swap exchanges two entries without pins and changes nothing else"),
  I57(TRANSITION, "everything", "set_version changes nothing, whatever it returns", ARM),
  I58(TRANSITION, "results", "a finished grant call returns 0 or less"),
  I59(TRANSITION, "page contents, results", "an element's answer is written to this element alone, so that others stay as they are when a later one faults"),
  I60(TRANSITION, "results", "every status is one that the operation can give"),
  I61(TRANSITION, "results, maptrack, frames", "a map that ends in okay answers with a handle below the limit and the address of the pinned frame"),
  I62(TRANSITION, "everything, results", "an unmap that ends in okay for a host address of 0 has changed nothing"),
  I63(TRANSITION, "maptrack", "no live handle links two different unprivileged domains", SILO),
  I64(TRANSITION, "everything, results", "copying no bytes changes nothing"),

  I65(TRANSITION, "maptrack, pins", "once a dying domain has released its mappings it has no live handle and pins nothing"),
  I66(STEP, "maptrack, domain list", "a domain that a live handle names is listed"),
  I67(STEP, "frames, domain list", "a torn down domain is listed only as long as something of it is referenced"),
  I68(TRANSITION, "calls, physmaps", "a dying domain starts no hypercall and nothing enters its physmap"),
  I69(STEP, "pins, domain list", "the domain that an entry is pinned for is listed"),
  I70(PROGRESS, "calls in flight, pins", "calls in flight never all wait for each other, and without live handles pins return to 0"),
  I71(PROGRESS, "calls in flight", "an element needs at most five attempts to mark an entry, and a batch as many executions as it has elements"),
  I72(TRANSITION, "pins, domains", "no copy pins again what is pinned well enough of a dying domain", V1);

  private final Kind kind;
  private final String reads;
  private final String statement;
  private final ImmutableSet<Condition> conditions;

  Invariant(Kind kind, String reads, String statement, Condition... conditions) {
    this.kind = kind;
    this.reads = reads;
    this.statement = statement;
    this.conditions = ImmutableSet.copyOf(conditions);
  }

  /** The number as written, such as I7. */
  public String id() {
    return name();
  }

  public Kind kind() {
    return kind;
  }

  /** What must be so for the invariant to be expected. */
  public ImmutableSet<Condition> conditions() {
    return conditions;
  }

  /** What holds, in one sentence. */
  public String statement() {
    return statement;
  }

  /** Which parts of a machine a checker looks at. */
  public String reads() {
    return reads;
  }

  /** What it is about. */
  public Topic topic() {
    int number = ordinal() + 1;
    if (number <= 10) {
      return Topic.COUNTERS;
    }
    if (number <= 20) {
      return Topic.FLAGS;
    }
    if (number <= 30) {
      return Topic.HANDLES;
    }
    if (number <= 41) {
      return Topic.PHYSMAP;
    }
    if (number <= 52) {
      return Topic.PAGES;
    }
    return number <= 64 ? Topic.CALLS : Topic.LIFE;
  }
}
