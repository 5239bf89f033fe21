package org.xenarium.gnttab.result;

import static org.xenarium.gnttab.abi.GntStatus.BAD_DOMAIN;
import static org.xenarium.gnttab.abi.GntStatus.BAD_PAGE;
import static org.xenarium.gnttab.abi.GntStatus.EAGAIN;
import static org.xenarium.gnttab.abi.GntStatus.GENERAL_ERROR;
import static org.xenarium.gnttab.abi.GntStatus.OKAY;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.C;
import static org.xenarium.gnttab.kit.Bench.GRANTED;
import static org.xenarium.gnttab.kit.Bench.HOLE;
import static org.xenarium.gnttab.kit.Bench.PLACE;
import static org.xenarium.gnttab.kit.End.grant;
import static org.xenarium.gnttab.kit.End.own;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.gnttab.kit.Answer;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.ResultTable;
import org.xenarium.gnttab.kit.Struct;
import org.xenarium.gnttab.rule.GrantRule;

/** Element statuses by the state of the entry that is named (spec §10.2). */
class EntryResultsTest extends ResultTable {
  private Answer map(int flags) {
    return b.map(A, 8, flags, PLACE);
  }

  /** Copies from A's entry 8. */
  private Answer read() {
    return b.copy(grant(A, 8), own(OWN), 16);
  }

  /** Copies to A's entry 8. */
  private Answer write() {
    return b.copy(own(OWN), grant(A, 8), 16);
  }

  private Answer replace(int handle) {
    return b.call(Struct.replace(PLACE, 0, handle));
  }

  // What becomes of A's entry 8.

  /** B maps it at the first place, by handle 0. */
  private EntryResultsTest mapped(int flags) {
    b.map(A, 8, flags, PLACE).says(OKAY, GrantRule.MAP_14);
    return this;
  }

  /** It is pinned for C and then given to B. */
  private EntryResultsTest forAnother() {
    startFrom(Bench.setup().third().start());
    a.setDomid(8, C);
    bench.c().map(A, 8, RO, PLACE).says(OKAY, GrantRule.MAP_14);
    a.setDomid(8, B);
    return this;
  }

  private EntryResultsTest full(int flags) {
    for (int i = 0; i < 128; i++) {
      b.map(A, 8, flags, place(i)).says(OKAY, GrantRule.MAP_14);
    }
    return this;
  }

  private EntryResultsTest toFrame(long gfn) {
    a.setFrame(8, gfn);
    return this;
  }

  private EntryResultsTest toDomain(int domid) {
    a.setDomid(8, domid);
    return this;
  }

  private EntryResultsTest flags(int flags) {
    a.setFlags(8, flags);
    return this;
  }

  private EntryResultsTest afterDeath() {
    bench.machine().destroyDomain(A);
    return this;
  }

  /** It changes before each attempt of the call to mark it. */
  private Answer unstable(Struct call, String before) {
    b.issue(call);
    b.stepTo(before);
    for (int i = 1; i <= 6; i++) {
      a.setFlags(8, 1 | i << 9);
      b.step();
    }
    b.finish();
    return b.reply(call).get(0);
  }

  @TestFactory
  Stream<DynamicContainer> pinned_entries() {
    return Stream.of(
        row(
            "pinned for another domid",
            map(GENERAL_ERROR, GrantRule.MAP_07A, () -> forAnother().map(RO)),
            copy(GENERAL_ERROR, GrantRule.CLAIM_02A, () -> forAnother().read(), () -> forAnother().write()),
            swap(EAGAIN, GrantRule.SWAP_03A, () -> forAnother().a.swap(8, 9)),
            swap(EAGAIN, GrantRule.SWAP_03B, () -> forAnother().a.swap(9, 8))),
        row(
            "counter full (128)",
            map(GENERAL_ERROR, GrantRule.MAP_07B, () -> full(RO).b.map(A, 8, RO, place(128)), () -> full(RW).b.map(A, 8, RW, place(128))),
            copy(GENERAL_ERROR, GrantRule.CLAIM_02B, () -> full(RO).read(), () -> full(RW).write())),
        row(
            "pinned otherwise",
            map(OKAY, GrantRule.MAP_14, () -> mapped(RO).b.map(A, 8, RW, place(1)), () -> mapped(RW).b.map(A, 8, RW, place(1))),
            unmap(OKAY, GrantRule.UNMAP_11, () -> mapped(RW).b.unmap(PLACE, 0), () -> mapped(RO).b.unmap(PLACE, 0)),
            replace(OKAY, GrantRule.UNMAP_11, () -> mapped(RW).replace(0)),
            copy(OKAY, GrantRule.COPY_11, () -> mapped(RO).read(), () -> mapped(RO).write(), () -> mapped(RW).read()),
            swap(EAGAIN, GrantRule.SWAP_03A, () -> mapped(RO).a.swap(8, 9)),
            swap(EAGAIN, GrantRule.SWAP_03B, () -> mapped(RO).a.swap(9, 8))),
        row(
            "write upgrade, frame changed",
            map(OKAY, GrantRule.MAP_14, () -> mapped(RO).toFrame(GRANTED + 1).b.map(A, 8, RW, place(1))),
            copy(GENERAL_ERROR, GrantRule.CLAIM_04F, () -> mapped(RO).toFrame(GRANTED + 1).write())),
        row(
            "rd dying, already sufficiently pinned",
            map(OKAY, GrantRule.MAP_14, () -> mapped(RW).afterDeath().b.map(A, 8, RW, place(1))),
            unmap(OKAY, GrantRule.UNMAP_11, () -> mapped(RW).afterDeath().b.unmap(PLACE, 0)),
            replace(OKAY, GrantRule.UNMAP_11, () -> mapped(RW).afterDeath().replace(0)),
            copy(BAD_DOMAIN, GrantRule.CLAIM_05, () -> mapped(RW).afterDeath().read(), () -> mapped(RW).afterDeath().write())));
  }

  @TestFactory
  Stream<DynamicContainer> entries_that_are_not_pinned() {
    Struct map = Struct.map(A, 8, RW, PLACE);
    Struct copy = Struct.copy(grant(A, 8), own(OWN), 16);
    return Stream.of(
        row(
            "entry type ≠ permit_access",
            map(GENERAL_ERROR, GrantRule.MAP_08A, () -> flags(0).map(RO), () -> flags(2).map(RO), () -> flags(3).map(RO)),
            copy(GENERAL_ERROR, GrantRule.CLAIM_04A, () -> flags(0).read(), () -> flags(2).read(), () -> flags(3).write()),
            swap(OKAY, GrantRule.SWAP_04, () -> flags(0).a.swap(8, 9), () -> flags(3).a.swap(8, 9))),
        row(
            "GTF_sub_page set, version 1",
            map(GENERAL_ERROR, GrantRule.MAP_08A, () -> flags(0x101).map(RO)),
            copy(OKAY, GrantRule.COPY_11, () -> flags(0x101).read(), () -> flags(0x101).write()),
            swap(OKAY, GrantRule.SWAP_04, () -> flags(0x101).a.swap(8, 9))),
        row(
            "entry domid ≠ caller",
            map(GENERAL_ERROR, GrantRule.MAP_08B, () -> toDomain(C).map(RO), () -> toDomain(DomId.SELF).map(RO)),
            copy(GENERAL_ERROR, GrantRule.CLAIM_04B, () -> toDomain(C).read(), () -> toDomain(A).write()),
            swap(OKAY, GrantRule.SWAP_04, () -> toDomain(C).a.swap(8, 9))),
        row(
            "write on GTF_readonly, not write-pinned",
            map(GENERAL_ERROR, GrantRule.MAP_08C, () -> flags(5).map(RW), () -> mapped(RO).flags(0xd).b.map(A, 8, RW, place(1))),
            copy(GENERAL_ERROR, GrantRule.CLAIM_04C, () -> flags(5).write(), () -> mapped(RO).flags(0xd).write())),
        row(
            "entry unstable (5 lost CAS)",
            map(GENERAL_ERROR, GrantRule.MAP_08D, () -> unstable(map, "CAS")),
            copy(GENERAL_ERROR, GrantRule.CLAIM_04D, () -> unstable(copy, "CLAIM_SOURCE"))),
        row(
            "granted/own frame not owned RAM",
            map(BAD_PAGE, GrantRule.MAP_09, () -> toFrame(HOLE).map(RO), () -> toFrame(0xffff_ffffL).map(RW)),
            copy(BAD_PAGE, GrantRule.CLAIM_04E, () -> toFrame(HOLE).read(), () -> toFrame(HOLE).write()),
            copy(BAD_PAGE, GrantRule.COPY_06, () -> b.copy(own(HOLE), own(OWN), 8), () -> mapped(RW).b.copy(own(OWN), own(HOLE), 8))));
  }
}
