package org.xenarium.gnttab.result;

import static org.xenarium.gnttab.abi.GntStatus.EAGAIN;
import static org.xenarium.gnttab.abi.GntStatus.GENERAL_ERROR;
import static org.xenarium.gnttab.abi.GntStatus.OKAY;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.C;
import static org.xenarium.gnttab.kit.Bench.GRANTED;
import static org.xenarium.gnttab.kit.Bench.PLACE;
import static org.xenarium.gnttab.kit.Bench.TABLE;
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

/** The rows of both tables that are about version 2 (spec §10.1, §10.2). */
class Version2ResultsTest extends ResultTable {
  private static final int EAGAIN_ERRNO = -11;
  private static final int EBUSY = -16;
  private static final int ENOMEM = -12;
  private static final int ERANGE = -34;

  private static final int PERMIT = 1;
  private static final int TRANSITIVE = 3;
  private static final int SUB_PAGE = 0x101;

  /** The first 128 bytes behind offset 64. */
  private static final int WINDOW = 64 | 128 << 16;

  /** A and C may have version 2, and B has two vCPUs. */
  private Version2ResultsTest allowed() {
    startFrom(Bench.setup().third().v2(A).v2(C).vcpus(B, 2).start());
    return this;
  }

  /** A's table is of version 2; C, too, has mapped its own, in which it grants its entry 9 to A. */
  private Version2ResultsTest version2() {
    allowed();
    setVersion(2).returns(0, GrantRule.SETVER_10);
    bench.c().memory().addGrantFrame(0, TABLE);
    bench.c().grant(9, A, GRANTED);
    return this;
  }

  private Version2ResultsTest entry(int ref, int flags, int word4, long word8) {
    long at = (TABLE << 12) + 16L * ref;
    a.store(at + 4, 4, word4);
    a.store(at + 8, 8, word8);
    a.store(at, 4, flags | B << 16);
    return this;
  }

  private Version2ResultsTest subPage() {
    return version2().entry(8, SUB_PAGE, WINDOW, GRANTED);
  }

  private Version2ResultsTest transitive() {
    return version2().entry(8, TRANSITIVE, C, 9);
  }

  /** B's first vCPU is in the middle of a copy that holds A's entry 8. */
  private Version2ResultsTest inCopy() {
    b.issue(Struct.copy(grant(A, 8).at(64), own(OWN), 8));
    b.stepTo("COPY_OUT");
    return this;
  }

  private Answer setVersion(int version) {
    return a.call(Struct.setVersion(version));
  }

  private Answer map() {
    return bench.guest(B, 1).map(A, 8, RO, PLACE);
  }

  private Answer read(int offset, int length) {
    return bench.guest(B, 1).copy(grant(A, 8).at(offset), own(OWN + 1), length);
  }

  private Answer write(int offset, int length) {
    return bench.guest(B, 1).copy(own(OWN + 1), grant(A, 8).at(offset), length);
  }

  @TestFactory
  Stream<DynamicContainer> set_version() {
    return Stream.of(
        row("busy", cell("set_version", EBUSY, GrantRule.SETVER_05, this::setVersionWhilePinned)),
        row("v2 copies", cell("set_version", EAGAIN_ERRNO, GrantRule.SETVER_07, this::setVersionDuringCopy)),
        row(
            "not representable",
            cell(
                "set_version",
                ERANGE,
                GrantRule.SETVER_08,
                () -> version2().entry(2, TRANSITIVE, C, 9).setVersion(1),
                () -> version2().entry(2, PERMIT, 0, 1L << 32).setVersion(1))),
        row("no memory", cell("set_version", ENOMEM, GrantRule.SETVER_06, this::setVersionWithoutMemory)),
        row("otherwise", cell("set_version", 0, GrantRule.SETVER_10, () -> allowed().setVersion(2), () -> version2().setVersion(1))));
  }

  private Answer setVersionWhilePinned() {
    allowed();
    b.map(A, 8, RO, PLACE).says(OKAY, GrantRule.MAP_14);
    return setVersion(2);
  }

  /** The entry that the copy holds is a reserved one, else the answer would be -EBUSY. */
  private Answer setVersionDuringCopy() {
    version2().entry(3, SUB_PAGE, WINDOW, GRANTED);
    b.issue(Struct.copy(grant(A, 3).at(64), own(OWN), 8));
    b.stepTo("COPY_OUT");
    return setVersion(1);
  }

  private Answer setVersionWithoutMemory() {
    allowed();
    while (bench.machine().world().memory().hasFree(1)) {
      bench.machine().domain(B).allocateRam();
    }
    return setVersion(2);
  }

  @TestFactory
  Stream<DynamicContainer> parts_of_pages_and_grants_passed_on() {
    return Stream.of(
        row(
            "pinned as sub-page/transitive",
            map(GENERAL_ERROR, GrantRule.MAP_07C, () -> subPage().inCopy().map(), () -> transitive().inCopy().map()),
            copy(OKAY, GrantRule.COPY_11, () -> subPage().inCopy().read(64, 8), () -> transitive().inCopy().read(0, 8)),
            swap(EAGAIN, GrantRule.SWAP_03A, () -> subPage().inCopy().a.swap(8, 9), () -> transitive().inCopy().a.swap(8, 9)),
            swap(EAGAIN, GrantRule.SWAP_03B, () -> subPage().inCopy().a.swap(9, 8))),
        row(
            "entry type ≠ permit_access (unpinned), transitive",
            map(GENERAL_ERROR, GrantRule.MAP_08A, () -> transitive().map()),
            copy(OKAY, GrantRule.COPY_11, () -> transitive().read(0, 16), () -> transitive().write(0, 16)),
            swap(OKAY, GrantRule.SWAP_04, () -> transitive().a.swap(8, 9))),
        row(
            "GTF_sub_page set (unpinned)",
            map(GENERAL_ERROR, GrantRule.MAP_08A, () -> subPage().map()),
            copy(OKAY, GrantRule.COPY_11, () -> subPage().read(64, 128), () -> subPage().write(64, 128)),
            swap(OKAY, GrantRule.SWAP_04, () -> subPage().a.swap(8, 9))),
        row(
            "outside sub-page window",
            copy(GENERAL_ERROR, GrantRule.COPY_09, () -> subPage().read(63, 8), () -> subPage().read(64, 129), () -> subPage().read(0, 8)),
            copy(GENERAL_ERROR, GrantRule.COPY_10, () -> subPage().write(63, 8), () -> subPage().write(188, 5))),
        row(
            "nr_frames > nr_status_frames",
            statusFrames(OKAY, GrantRule.STATUS_04, () -> version2().a.call(Struct.statusFrames(DomId.SELF, 1, OWN << 12))),
            statusFrames(GENERAL_ERROR, GrantRule.STATUS_03, () -> version2().a.call(Struct.statusFrames(DomId.SELF, 2, OWN << 12)))));
  }
}
