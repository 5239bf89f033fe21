package org.xenarium.gnttab.result;

import static org.xenarium.gnttab.abi.GntStatus.BAD_DOMAIN;
import static org.xenarium.gnttab.abi.GntStatus.OKAY;
import static org.xenarium.gnttab.abi.GntStatus.PERMISSION_DENIED;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.ENTRY;
import static org.xenarium.gnttab.kit.Bench.NOBODY;
import static org.xenarium.gnttab.kit.Bench.PAGES;
import static org.xenarium.gnttab.kit.Bench.PLACE;
import static org.xenarium.gnttab.kit.Bench.RAM;
import static org.xenarium.gnttab.kit.End.grant;
import static org.xenarium.gnttab.kit.End.own;
import static org.xenarium.gnttab.result.Operation.ALL;
import static org.xenarium.gnttab.result.Operation.BATCHED;
import static org.xenarium.gnttab.result.Operation.CACHE_FLUSH;
import static org.xenarium.gnttab.result.Operation.SINGLE;
import static org.xenarium.gnttab.result.Operation.UNCOUNTED;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.gnttab.kit.Answer;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.ResultTable;
import org.xenarium.gnttab.kit.Struct;
import org.xenarium.gnttab.rule.GrantRule;

/** The table of return values of grant_table_op (spec §10.1), row by row and cell by cell. */
class HypercallResultsTest extends ResultTable {
  private static final int EPERM = -1;
  private static final int ESRCH = -3;
  private static final int EFAULT = -14;
  private static final int EINVAL = -22;
  private static final int ENOSYS = -38;
  private static final int EILSEQ = -84;
  private static final int EOPNOTSUPP = -95;

  private static final int TRANSFER = 4;
  private static final int[] UNKNOWN = {3, 13, 14, 0xfff};
  private static final long LIST = OWN << 12;

  /** The last page of RAM; behind it is a hole. */
  private static final long LAST = RAM + PAGES - 1;

  /** An argument that is all right; for unmaps once B has A's entry mapped at the first place, by handle 0. */
  private Struct good(Operation operation) {
    return switch (operation) {
      case MAP -> Struct.map(A, ENTRY, RW, place(1));
      case UNMAP -> Struct.unmap(PLACE, 0);
      case UNMAP_AND_REPLACE -> Struct.replace(PLACE, 0, 0);
      case SETUP_TABLE -> Struct.setupTable(DomId.SELF, 1, LIST);
      case COPY -> Struct.copy(grant(A, ENTRY), own(OWN), 8);
      case QUERY_SIZE -> Struct.querySize(DomId.SELF);
      case SET_VERSION -> Struct.setVersion(1);
      case GET_STATUS_FRAMES -> Struct.statusFrames(DomId.SELF, 0, LIST);
      case GET_VERSION -> Struct.getVersion(DomId.SELF);
      case SWAP_GRANT_REF -> Struct.swap(9, 10);
      case CACHE_FLUSH -> flush(bench.dev(B, OWN));
    };
  }

  private static Struct flush(long machineAddress) {
    return Struct.flush(machineAddress, 0, 64, 1);
  }

  /** As {@link #good}; of an array with two elements the first, which must not use up what the second needs. */
  private Struct before(Operation operation) {
    return switch (operation) {
      case UNMAP -> Struct.unmap(PLACE, 9);
      case UNMAP_AND_REPLACE -> Struct.replace(PLACE, 0, 9);
      default -> good(operation);
    };
  }

  private HypercallResultsTest mapped() {
    b.map(A, ENTRY, RW, PLACE).says(OKAY, GrantRule.MAP_14);
    b.memory().addGrantFrame(0, Bench.TABLE);
    return this;
  }

  /** A good struct, and a count that does not fit it. */
  private Answer counted(Operation operation, long count) {
    b.write(b.arguments(), good(operation));
    return b.raw(operation.command, b.arguments(), count);
  }

  /** The struct's last byte lies in a hole. */
  private Answer unreadable(Operation operation) {
    Struct struct = good(operation);
    return b.batchAt((LAST + 1 << 12) - struct.size() + 1, struct).get(0);
  }

  /** The struct lies where nothing can be written. */
  private Answer unwritable(Operation operation) {
    mapped();
    b.write(LAST << 12, good(operation));
    bench.protect(b, LAST);
    return b.callAt(LAST << 12, good(operation)).get(0);
  }

  private static Stream<Cell> each(List<Operation> operations, int result, Function<Operation, GrantRule> rule, Function<Operation, Answer> situation) {
    return operations.stream().map(operation -> cell(operation.name(), result, rule.apply(operation), () -> situation.apply(operation)));
  }

  private static Stream<Cell> each(List<Operation> operations, int result, GrantRule rule, Function<Operation, Answer> situation) {
    return each(operations, result, operation -> rule, situation);
  }

  @SafeVarargs
  private static Stream<Cell> one(String operation, int result, GrantRule rule, Supplier<Answer>... situations) {
    return Stream.of(cell(operation, result, rule, situations));
  }

  @SafeVarargs
  private DynamicContainer row(String condition, Stream<Cell>... cells) {
    return row(condition, Stream.of(cells).flatMap(Function.identity()).toArray(Cell[]::new));
  }

  @SafeVarargs
  private static Stream<Cell> unknown(int result, GrantRule rule, Function<Integer, Answer>... situations) {
    return Stream.of(situations)
        .flatMap(situation -> Arrays.stream(UNKNOWN).mapToObj(op -> cell("command " + op, result, rule, () -> situation.apply(op))));
  }

  @TestFactory
  Stream<DynamicContainer> command_and_count() {
    return Stream.of(
        row(
            "(int)count < 0",
            each(ALL, EINVAL, GrantRule.GNT_04, operation -> b.raw(operation.command, PLACE, -1)),
            each(ALL, EINVAL, GrantRule.GNT_04, operation -> b.raw(operation.command | 0x1000, PLACE, 0x8000_0000L)),
            one("transfer", EINVAL, GrantRule.GNT_04, () -> b.raw(TRANSFER, PLACE, -1)),
            unknown(EINVAL, GrantRule.GNT_04, op -> b.raw(op, PLACE, -1))),
        row(
            "cmd bits 31..12 set",
            each(allBut(CACHE_FLUSH), EINVAL, GrantRule.GNT_05, operation -> b.raw(operation.command | 0x1000, PLACE, 1)),
            one("transfer", EINVAL, GrantRule.GNT_05, () -> b.raw(TRANSFER | 0x8000_0000, PLACE, 1)),
            one("cache_flush", 0, GrantRule.FLUSH_06, () -> mapped().flushFrom(0)),
            one("cache_flush", EINVAL, GrantRule.FLUSH_05, () -> mapped().flushFrom(1)),
            unknown(EINVAL, GrantRule.GNT_05, op -> b.raw(op | 0x1000, PLACE, 1))),
        row("unknown op", unknown(ENOSYS, GrantRule.GNT_06, op -> b.raw(op, PLACE, 1), op -> b.raw(op, PLACE, 0))),
        row("any call", one("transfer", EOPNOTSUPP, GrantRule.GNT_07, () -> b.raw(TRANSFER, PLACE, 1), () -> b.raw(TRANSFER, PLACE, 0))),
        row(
            "count ≠ 1",
            each(BATCHED, OKAY, operation -> operation.success, operation -> mapped().b.batch(before(operation), good(operation)).get(1)),
            each(SINGLE, EINVAL, GrantRule.GNT_09, operation -> counted(operation, 2)),
            each(UNCOUNTED, 0, operation -> operation.success, operation -> counted(operation, 2))),
        row(
            "count = 0",
            each(BATCHED, 0, GrantRule.GNT_08, operation -> b.raw(operation.command, PLACE, 0)),
            each(SINGLE, EINVAL, GrantRule.GNT_09, operation -> counted(operation, 0)),
            each(UNCOUNTED, 0, operation -> operation.success, operation -> counted(operation, 0))));
  }

  private static List<Operation> allBut(Operation excepted) {
    return ALL.stream().filter(operation -> operation != excepted).toList();
  }

  /** A flush of A's page, mapped by B, whose search begins with the {@code position}-th 4096 references. */
  private Answer flushFrom(int position) {
    b.write(b.arguments(), flush(bench.dev(A, Bench.GRANTED)));
    return b.raw(CACHE_FLUSH.command | position << 12, b.arguments(), 1);
  }

  @TestFactory
  Stream<DynamicContainer> faults_and_success() {
    return Stream.of(
        row("element/struct read fault", each(ALL, EFAULT, operation -> operation.unreadable, this::unreadable)),
        row(
            "write-back fault",
            each(allBut(CACHE_FLUSH), EFAULT, operation -> Objects.requireNonNull(operation.unwritable), this::unwritable),
            one("cache_flush, which writes nothing", 0, GrantRule.FLUSH_06, () -> unwritable(CACHE_FLUSH))),
        row("otherwise", each(ALL, 0, operation -> operation.success, operation -> mapped().b.call(good(operation)))));
  }

  @TestFactory
  Stream<DynamicContainer> versions() {
    return Stream.of(
        row(
            "bad version",
            one("set_version", EINVAL, GrantRule.SETVER_02, () -> b.call(Struct.setVersion(0)), () -> b.call(Struct.setVersion(3)))),
        row("version 2 not allowed", one("set_version", ENOSYS, GrantRule.SETVER_03, () -> b.call(Struct.setVersion(2)))));
  }

  @TestFactory
  Stream<DynamicContainer> domains() {
    return Stream.of(
        row(
            "domain unknown",
            one("map", BAD_DOMAIN, GrantRule.MAP_03, () -> b.map(NOBODY, ENTRY, RW, PLACE)),
            one("setup_table", BAD_DOMAIN, GrantRule.SETUP_01, () -> b.call(Struct.setupTable(NOBODY, 1, LIST))),
            one("copy", BAD_DOMAIN, GrantRule.COPY_03, () -> b.copy(grant(NOBODY, ENTRY), own(OWN), 8)),
            one("query_size", BAD_DOMAIN, GrantRule.QUERY_01, () -> b.call(Struct.querySize(NOBODY))),
            one("get_status_frames", BAD_DOMAIN, GrantRule.STATUS_01, () -> b.call(Struct.statusFrames(NOBODY, 0, LIST))),
            one("get_version", ESRCH, GrantRule.GETVER_01, () -> b.call(Struct.getVersion(NOBODY)), () -> b.call(Struct.getVersion(DomId.IO)))),
        row(
            "not privileged for target",
            one("map", PERMISSION_DENIED, GrantRule.MAP_04, () -> inSilo().b.map(A, ENTRY, RW, PLACE)),
            one("setup_table", PERMISSION_DENIED, GrantRule.SETUP_02, () -> b.call(Struct.setupTable(A, 1, LIST))),
            one("copy", PERMISSION_DENIED, GrantRule.COPY_05, () -> inSilo().b.copy(grant(A, ENTRY), own(OWN), 8)),
            one("query_size", PERMISSION_DENIED, GrantRule.QUERY_02, () -> b.call(Struct.querySize(A))),
            one("get_status_frames", PERMISSION_DENIED, GrantRule.STATUS_02, () -> b.call(Struct.statusFrames(A, 0, LIST))),
            one("get_version", EPERM, GrantRule.GETVER_02, () -> b.call(Struct.getVersion(A)))));
  }

  private HypercallResultsTest inSilo() {
    startFrom(Bench.setup().policy(SecurityPolicy.SILO).start());
    return this;
  }

  @TestFactory
  Stream<DynamicContainer> flushes() {
    return Stream.of(
        row(
            "bad offset/length/op bits",
            one("cache_flush", EINVAL, GrantRule.FLUSH_01, () -> flush(4096, 0, 1), () -> flush(0, 4097, 1), () -> flush(4095, 2, 1)),
            one("cache_flush", EINVAL, GrantRule.FLUSH_01, () -> flush(0, 64, 4), () -> flush(0, 64, 0x8000_0001))),
        row("invalid machine frame", one("cache_flush", EINVAL, GrantRule.FLUSH_03, () -> b.call(flush(0)), () -> b.call(flush(-1)))),
        row("page not mapped from owner", one("cache_flush", EINVAL, GrantRule.FLUSH_05, () -> b.call(flush(bench.dev(A, Bench.GRANTED))))),
        row("ownerless page", one("cache_flush", EPERM, GrantRule.FLUSH_04, this::flushOfAFreedPage)),
        row(
            "no-op element",
            one("cache_flush", 0, GrantRule.FLUSH_02A, () -> flush(0, 0, 1), () -> flush(0, 64, 0)),
            one("cache_flush, search start ≠ 0", EILSEQ, GrantRule.FLUSH_02B, this::emptyFlushFrom1)));
  }

  private Answer flush(int offset, int length, int operation) {
    return b.call(Struct.flush(bench.dev(B, OWN), offset, length, operation));
  }

  private Answer flushOfAFreedPage() {
    Struct struct = flush(bench.dev(B, OWN));
    b.memory().decrease(OWN);
    return b.call(struct);
  }

  private Answer emptyFlushFrom1() {
    b.write(b.arguments(), Struct.flush(bench.dev(B, OWN), 0, 0, 1));
    return b.raw(CACHE_FLUSH.command | 1 << 12, b.arguments(), 1);
  }
}
