package org.xenarium.gnttab.result;

import static org.xenarium.gnttab.abi.GntStatus.BAD_COPY_ARG;
import static org.xenarium.gnttab.abi.GntStatus.BAD_DOMAIN;
import static org.xenarium.gnttab.abi.GntStatus.BAD_GNTREF;
import static org.xenarium.gnttab.abi.GntStatus.BAD_HANDLE;
import static org.xenarium.gnttab.abi.GntStatus.BAD_VIRT_ADDR;
import static org.xenarium.gnttab.abi.GntStatus.GENERAL_ERROR;
import static org.xenarium.gnttab.abi.GntStatus.NO_SPACE;
import static org.xenarium.gnttab.abi.GntStatus.OKAY;
import static org.xenarium.gnttab.abi.GntStatus.PERMISSION_DENIED;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.GRANTED;
import static org.xenarium.gnttab.kit.Bench.HOLE;
import static org.xenarium.gnttab.kit.Bench.NOBODY;
import static org.xenarium.gnttab.kit.Bench.PLACE;
import static org.xenarium.gnttab.kit.Bench.REACH;
import static org.xenarium.gnttab.kit.Bench.TABLE;
import static org.xenarium.gnttab.kit.End.frameOf;
import static org.xenarium.gnttab.kit.End.grant;
import static org.xenarium.gnttab.kit.End.own;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.gnttab.abi.UnmapLayout;
import org.xenarium.gnttab.kit.Answer;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.End;
import org.xenarium.gnttab.kit.ResultTable;
import org.xenarium.gnttab.kit.Struct;
import org.xenarium.gnttab.rule.GrantRule;

/** Element statuses by what the request says (spec §10.2): flags, domains, references, handles, addresses, lists. */
class RequestResultsTest extends ResultTable {
  private static final long LIST = OWN << 12;

  private Answer map(int flags) {
    return b.map(A, 8, flags, PLACE);
  }

  private Answer replaceBy(long newAddress, long at, int handle) {
    return b.call(Struct.replace(at, newAddress, handle));
  }

  /** B has A's entry 8 mapped at the first place, by handle 0. */
  private RequestResultsTest mapped() {
    b.map(A, 8, RW, PLACE).says(OKAY, GrantRule.MAP_14);
    return this;
  }

  @TestFactory
  Stream<DynamicContainer> what_is_asked_for() {
    return Stream.of(
        row("no host/device flag", map(BAD_GNTREF, GrantRule.MAP_01, () -> map(0), () -> map(4))),
        row(
            "device_map, application_map, contains_pte",
            map(GENERAL_ERROR, GrantRule.MAP_02, () -> map(1), () -> map(RW | 1), () -> map(RW | 8), () -> map(RW | 16))),
        row(
            "other unknown flag bits",
            map(GENERAL_ERROR, GrantRule.MAP_12, () -> map(RW | 32), () -> map(RW | 1 << 16), () -> map(RW | 1 << 31)),
            copy(OKAY, GrantRule.COPY_11, () -> b.call(Struct.copy(grant(A, 8), own(OWN), 16).setShort(34, 0xfffd)))),
        row(
            "len = 0",
            copy(OKAY, GrantRule.COPY_01, () -> b.copy(grant(NOBODY, 512).at(5000), frameOf(NOBODY, HOLE), 0))),
        row(
            "offset+len > 4096",
            copy(
                BAD_COPY_ARG,
                GrantRule.COPY_08,
                () -> b.copy(grant(A, 8).at(4090), own(OWN), 7),
                () -> b.copy(grant(A, 8), own(OWN).at(4090), 7),
                () -> b.copy(grant(A, 8), own(OWN), 4097))),
        row("new_addr ≠ 0", replace(GENERAL_ERROR, GrantRule.UNMAP_08A, () -> mapped().replaceBy(place(1), PLACE, 0))),
        row(
            "dev_bus_addr mismatch",
            unmap(OKAY, GrantRule.UNMAP_11, () -> mapped().b.call(Struct.unmap(PLACE, 0).setLong(UnmapLayout.DEV_BUS_ADDR, 0x1000)))),
        row("ref_a = ref_b", swap(OKAY, GrantRule.SWAP_02, () -> a.swap(8, 8), () -> mapped().a.swap(8, 8))));
  }

  @TestFactory
  Stream<DynamicContainer> whom_it_names() {
    return Stream.of(
        row(
            "domain unknown",
            map(BAD_DOMAIN, GrantRule.MAP_03, () -> b.map(NOBODY, 8, RW, PLACE), () -> b.map(DomId.IO, 8, RW, PLACE)),
            // Not reachable for an unmap: its mapping keeps the domain listed, dead or alive.
            unmap(OKAY, GrantRule.UNMAP_11, () -> mapped().afterDeath().b.unmap(PLACE, 0)),
            replace(OKAY, GrantRule.UNMAP_11, () -> mapped().afterDeath().replaceBy(0, PLACE, 0)),
            setup(BAD_DOMAIN, GrantRule.SETUP_01, () -> b.call(Struct.setupTable(NOBODY, 1, LIST))),
            copy(BAD_DOMAIN, GrantRule.COPY_03, () -> b.copy(grant(NOBODY, 8), own(OWN), 8), () -> b.copy(own(OWN), grant(NOBODY, 8), 8)),
            query(BAD_DOMAIN, GrantRule.QUERY_01, () -> b.call(Struct.querySize(NOBODY)), () -> b.call(Struct.querySize(DomId.XEN))),
            statusFrames(BAD_DOMAIN, GrantRule.STATUS_01, () -> b.call(Struct.statusFrames(NOBODY, 0, LIST)))),
        row(
            "domid = SELF",
            map(BAD_DOMAIN, GrantRule.MAP_03, () -> b.map(DomId.SELF, 8, RW, PLACE)),
            setup(OKAY, GrantRule.SETUP_06, () -> b.call(Struct.setupTable(DomId.SELF, 1, LIST))),
            copy(OKAY, GrantRule.COPY_11, this::copyOfSelf, () -> b.copy(own(OWN), own(OWN + 1), 8)),
            query(OKAY, GrantRule.QUERY_03, () -> b.call(Struct.querySize(DomId.SELF))),
            statusFrames(OKAY, GrantRule.STATUS_04, () -> b.call(Struct.statusFrames(DomId.SELF, 0, LIST)))),
        row(
            "XSM refusal",
            map(PERMISSION_DENIED, GrantRule.MAP_04, () -> inSilo().map(RO)),
            unmap(OKAY, GrantRule.UNMAP_11, () -> inSilo().mappedByItself().a.unmap(PLACE, 0)),
            replace(OKAY, GrantRule.UNMAP_11, () -> inSilo().mappedByItself().a.call(Struct.replace(PLACE, 0, 0))),
            setup(PERMISSION_DENIED, GrantRule.SETUP_02, () -> b.call(Struct.setupTable(A, 1, LIST))),
            copy(PERMISSION_DENIED, GrantRule.COPY_05, () -> inSilo().b.copy(grant(A, 8), own(OWN), 8), () -> inSilo().b.copy(own(OWN), grant(A, 8), 8)),
            query(PERMISSION_DENIED, GrantRule.QUERY_02, () -> b.call(Struct.querySize(A))),
            statusFrames(PERMISSION_DENIED, GrantRule.STATUS_02, () -> b.call(Struct.statusFrames(A, 0, LIST)))),
        row(
            "by frame with domid ≠ SELF",
            copy(
                PERMISSION_DENIED,
                GrantRule.COPY_02,
                () -> b.copy(frameOf(A, GRANTED), own(OWN), 8),
                () -> b.copy(own(OWN), frameOf(B, OWN), 8),
                () -> b.copy(frameOf(NOBODY, OWN), own(OWN), 8))));
  }

  private RequestResultsTest afterDeath() {
    bench.machine().destroyDomain(A);
    return this;
  }

  private RequestResultsTest inSilo() {
    startFrom(Bench.setup().policy(SecurityPolicy.SILO).start());
    return this;
  }

  /** A has a page of its own mapped by a grant. */
  private RequestResultsTest mappedByItself() {
    a.grant(9, A, GRANTED);
    a.map(A, 9, RW, PLACE).says(OKAY, GrantRule.MAP_14);
    return this;
  }

  private Answer copyOfSelf() {
    a.grant(9, A, GRANTED);
    return a.copy(grant(DomId.SELF, 9), own(OWN), 8);
  }

  @TestFactory
  Stream<DynamicContainer> references_and_handles() {
    End beyond = grant(A, 512);
    return Stream.of(
        row("no handle", map(NO_SPACE, GrantRule.MAP_05, this::mapWithoutMaptrack)),
        row(
            "ref out of range",
            map(BAD_GNTREF, GrantRule.MAP_06, () -> b.map(A, 512, RW, PLACE), () -> b.map(A, -1, RW, PLACE)),
            copy(BAD_GNTREF, GrantRule.CLAIM_01, () -> b.copy(beyond, own(OWN), 8), () -> b.copy(own(OWN), beyond, 8)),
            swap(BAD_GNTREF, GrantRule.SWAP_01A, () -> a.swap(512, 8)),
            swap(BAD_GNTREF, GrantRule.SWAP_01B, () -> a.swap(8, 512))),
        row(
            "handle out of range",
            unmap(BAD_HANDLE, GrantRule.UNMAP_01, () -> b.unmap(PLACE, 0), () -> mapped().b.unmap(PLACE, 256)),
            replace(BAD_HANDLE, GrantRule.UNMAP_01, () -> replaceBy(0, PLACE, 0), () -> mapped().replaceBy(0, PLACE, -1))),
        row(
            "handle free",
            unmap(BAD_HANDLE, GrantRule.UNMAP_02, () -> mapped().b.unmap(PLACE, 1), () -> mapped().unmapped().b.unmap(PLACE, 0)),
            replace(BAD_HANDLE, GrantRule.UNMAP_02, () -> mapped().replaceBy(0, PLACE, 1))),
        row(
            "handle raced",
            unmap(BAD_HANDLE, GrantRule.UNMAP_02, () -> raced(Struct.unmap(PLACE, 0))),
            replace(BAD_HANDLE, GrantRule.UNMAP_02, () -> raced(Struct.replace(PLACE, 0, 0)))));
  }

  private Answer mapWithoutMaptrack() {
    startFrom(Bench.setup().limits(B, 64, 0).start());
    return map(RW);
  }

  private RequestResultsTest unmapped() {
    b.unmap(PLACE, 0).says(OKAY, GrantRule.UNMAP_11);
    return this;
  }

  /** Another vCPU unmaps the handle after {@code call} has read its element. */
  private Answer raced(Struct call) {
    startFrom(Bench.setup().vcpus(B, 2).start());
    mapped();
    bench.forgetDecisions();
    b.issue(call);
    b.stepTo("RELEASE");
    bench.guest(B, 1).unmap(PLACE, 0).says(OKAY, GrantRule.UNMAP_11);
    b.finish();
    return b.reply(call).get(0);
  }

  @TestFactory
  Stream<DynamicContainer> addresses() {
    long beyond = REACH << 12;
    return Stream.of(
        row("p2m insert fails", map(GENERAL_ERROR, GrantRule.MAP_13A, () -> b.map(A, 8, RW, beyond))),
        row(
            "p2m at host_addr holds another RAM-class frame",
            unmap(GENERAL_ERROR, GrantRule.UNMAP_08B, () -> mapped().b.unmap(OWN << 12, 0)),
            replace(GENERAL_ERROR, GrantRule.UNMAP_08B, () -> mapped().replaceBy(0, OWN << 12, 0))),
        row(
            "p2m at host_addr is a hole / MMIO",
            unmap(OKAY, GrantRule.UNMAP_10, () -> mapped().b.unmap(place(1), 0), () -> mapped().device(1).b.unmap(place(1), 0)),
            replace(OKAY, GrantRule.UNMAP_10, () -> mapped().replaceBy(0, place(1), 0), () -> mapped().device(1).replaceBy(0, place(1), 0))),
        row(
            "host_addr = 0",
            map(OKAY, GrantRule.MAP_14, () -> b.map(A, 8, RW, 0)),
            unmap(OKAY, GrantRule.UNMAP_09, () -> mapped().b.unmap(0, 0)),
            replace(OKAY, GrantRule.UNMAP_09, () -> mapped().replaceBy(0, 0, 0), () -> mapped().replaceBy(place(1), 0, 0))),
        row(
            "what was mapped at gfn 0 goes by a non-zero address inside it",
            unmap(OKAY, GrantRule.UNMAP_11, this::unmapFromFrameZero)),
        row(
            "host_addr gfn beyond p2m",
            map(GENERAL_ERROR, GrantRule.MAP_13A, () -> b.map(A, 8, RW, beyond), () -> b.map(A, 8, RO, -1)),
            unmap(GENERAL_ERROR, GrantRule.UNMAP_08C, () -> mapped().b.unmap(beyond, 0)),
            replace(GENERAL_ERROR, GrantRule.UNMAP_08C, () -> mapped().replaceBy(0, beyond, 0))));
  }

  /** A device lies at the {@code n}-th place. */
  private RequestResultsTest device(int n) {
    b.domain().physmap().set((place(n) >> 12), 0x9000, EntryType.MMIO_DIRECT);
    return this;
  }

  private Answer unmapFromFrameZero() {
    b.map(A, 8, RW, 0).says(OKAY, GrantRule.MAP_14);
    return b.unmap(1, 0);
  }

  @TestFactory
  Stream<DynamicContainer> tables_and_lists() {
    return Stream.of(
        row("nr_frames > max_frames", setup(GENERAL_ERROR, GrantRule.SETUP_03, () -> b.call(Struct.setupTable(DomId.SELF, 65, LIST)))),
        row(
            "nr_frames > nr_status_frames",
            statusFrames(GENERAL_ERROR, GrantRule.STATUS_03, () -> b.call(Struct.statusFrames(DomId.SELF, 1, LIST)))),
        row("growth out of memory", setup(GENERAL_ERROR, GrantRule.SETUP_04, this::growWithoutMemory)),
        row(
            "frame_list store fault",
            setup(BAD_VIRT_ADDR, GrantRule.SETUP_05, () -> b.call(Struct.setupTable(DomId.SELF, 1, PLACE))),
            statusFrames(BAD_VIRT_ADDR, GrantRule.STATUS_05, this::listStatusFramesNowhere)));
  }

  private Answer growWithoutMemory() {
    while (bench.machine().world().memory().hasFree(1)) {
      bench.machine().domain(A).allocateRam();
    }
    return b.call(Struct.setupTable(DomId.SELF, 2, LIST));
  }

  private Answer listStatusFramesNowhere() {
    startFrom(Bench.setup().v2(A).start());
    a.call(Struct.setVersion(2)).returns(0, GrantRule.SETVER_10);
    return a.call(Struct.statusFrames(DomId.SELF, 1, (TABLE + 9) << 12));
  }
}
