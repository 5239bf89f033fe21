package org.xenarium.scenarios.recording;

import static org.xenarium.scenarios.recording.ArmShape.script;
import static org.xenarium.scenarios.recording.ArmShape.struct;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.gnttab.abi.CacheFlushLayout;
import org.xenarium.gnttab.abi.CopyLayout;
import org.xenarium.gnttab.abi.DumpTableLayout;
import org.xenarium.gnttab.abi.GetStatusFramesLayout;
import org.xenarium.gnttab.abi.GetVersionLayout;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.MapLayout;
import org.xenarium.gnttab.abi.QuerySizeLayout;
import org.xenarium.gnttab.abi.SetVersionLayout;
import org.xenarium.gnttab.abi.SetupTableLayout;
import org.xenarium.gnttab.abi.SwapLayout;
import org.xenarium.gnttab.abi.TransferLayout;
import org.xenarium.gnttab.abi.UnmapAndReplaceLayout;
import org.xenarium.gnttab.abi.UnmapLayout;

/**
 * The operations of the arm64 format (docs/reference/recordings.md), with their inputs and outputs in the order of the format.
 *
 * <p>An operation of kind {@link Kind#STRUCT} is one table row: where its fields lie in the argument struct is all that playing it takes.
 */
@SuppressWarnings("ImmutableEnumChecker") // nothing changes after construction
public enum ArmOperation {
  MAP(struct("map", GnttabOp.HYPERCALL, GnttabOp.MAP_GRANT_REF, MapLayout.SIZE)
      .in("dom", MapLayout.DOM, 2).in("ref", MapLayout.REF, 4).in("flags", MapLayout.FLAGS, 4).in("addr", MapLayout.HOST_ADDR, 8)
      .out("handle", MapLayout.HANDLE, 4).out("dev", MapLayout.DEV_BUS_ADDR, 8).status(MapLayout.STATUS)),
  UNMAP(struct("unmap", GnttabOp.HYPERCALL, GnttabOp.UNMAP_GRANT_REF, UnmapLayout.SIZE)
      .in("addr", UnmapLayout.HOST_ADDR, 8).in("dev", UnmapLayout.DEV_BUS_ADDR, 8).in("handle", UnmapLayout.HANDLE, 4)
      .status(UnmapLayout.STATUS)),
  SETUP_TABLE(struct("setup_table", GnttabOp.HYPERCALL, GnttabOp.SETUP_TABLE, SetupTableLayout.SIZE)
      .in("dom", SetupTableLayout.DOM, 2).in("nr", SetupTableLayout.NR_FRAMES, 4).in("list", SetupTableLayout.FRAME_LIST, 8)
      .status(SetupTableLayout.STATUS)),
  DUMP_TABLE(struct("dump_table", GnttabOp.HYPERCALL, GnttabOp.DUMP_TABLE, DumpTableLayout.SIZE)
      .in("dom", DumpTableLayout.DOM, 2).status(DumpTableLayout.STATUS)),
  TRANSFER(struct("transfer", GnttabOp.HYPERCALL, GnttabOp.TRANSFER, TransferLayout.SIZE)
      .in("mfn", TransferLayout.MFN, 8).in("dom", TransferLayout.DOMID, 2).in("ref", TransferLayout.REF, 4).status(TransferLayout.STATUS)),
  COPY(struct("copy", GnttabOp.HYPERCALL, GnttabOp.COPY, CopyLayout.SIZE)
      .in("src", CopyLayout.SOURCE, 8).in("sdom", CopyLayout.SOURCE_DOMID, 2).in("soff", CopyLayout.SOURCE_OFFSET, 2)
      .in("dst", CopyLayout.DEST, 8).in("ddom", CopyLayout.DEST_DOMID, 2).in("doff", CopyLayout.DEST_OFFSET, 2)
      .in("len", CopyLayout.LEN, 2).in("flags", CopyLayout.FLAGS, 2).status(CopyLayout.STATUS)),
  QUERY_SIZE(struct("query_size", GnttabOp.HYPERCALL, GnttabOp.QUERY_SIZE, QuerySizeLayout.SIZE)
      .in("dom", QuerySizeLayout.DOM, 2)
      .out("nr", QuerySizeLayout.NR_FRAMES, 4).out("max", QuerySizeLayout.MAX_NR_FRAMES, 4).status(QuerySizeLayout.STATUS)),
  UNMAP_AND_REPLACE(struct("unmap_and_replace", GnttabOp.HYPERCALL, GnttabOp.UNMAP_AND_REPLACE, UnmapAndReplaceLayout.SIZE)
      .in("addr", UnmapAndReplaceLayout.HOST_ADDR, 8).in("new", UnmapAndReplaceLayout.NEW_ADDR, 8)
      .in("handle", UnmapAndReplaceLayout.HANDLE, 4).status(UnmapAndReplaceLayout.STATUS)),
  /** {@code version} is both input and output; it has no status. */
  SET_VERSION(struct("set_version", GnttabOp.HYPERCALL, GnttabOp.SET_VERSION, SetVersionLayout.SIZE)
      .in("version", SetVersionLayout.VERSION, 4).out("version", SetVersionLayout.VERSION, 4)),
  GET_STATUS_FRAMES(struct("get_status_frames", GnttabOp.HYPERCALL, GnttabOp.GET_STATUS_FRAMES, GetStatusFramesLayout.SIZE)
      .in("nr", GetStatusFramesLayout.NR_FRAMES, 4).in("dom", GetStatusFramesLayout.DOM, 2)
      .in("list", GetStatusFramesLayout.FRAME_LIST, 8).status(GetStatusFramesLayout.STATUS)),
  GET_VERSION(struct("get_version", GnttabOp.HYPERCALL, GnttabOp.GET_VERSION, GetVersionLayout.SIZE)
      .in("dom", GetVersionLayout.DOM, 2).out("version", GetVersionLayout.VERSION, 4)),
  SWAP_GRANT_REF(struct("swap_grant_ref", GnttabOp.HYPERCALL, GnttabOp.SWAP_GRANT_REF, SwapLayout.SIZE)
      .in("a", SwapLayout.REF_A, 4).in("b", SwapLayout.REF_B, 4).status(SwapLayout.STATUS)),
  /** {@code a}: a machine address, or a grant reference with bit 31 of {@code op}. */
  CACHE_FLUSH(struct("cache_flush", GnttabOp.HYPERCALL, GnttabOp.CACHE_FLUSH, CacheFlushLayout.SIZE)
      .in("a", CacheFlushLayout.DEV_BUS_ADDR, 8).in("off", CacheFlushLayout.OFFSET, 2).in("len", CacheFlushLayout.LENGTH, 2)
      .in("op", CacheFlushLayout.OP, 4)),

  ADD_TO_PHYSMAP(struct("add_to_physmap", MemoryAbi.HYPERCALL, MemoryAbi.ADD_TO_PHYSMAP, MemoryAbi.ADD_SIZE)
      .in("dom", MemoryAbi.ADD_DOMID, 2).in("space", MemoryAbi.ADD_SPACE, 4).in("idx", MemoryAbi.ADD_IDX, 8)
      .in("gfn", MemoryAbi.ADD_GPFN, 8)),
  REMOVE_FROM_PHYSMAP(struct("remove_from_physmap", MemoryAbi.HYPERCALL, MemoryAbi.REMOVE_FROM_PHYSMAP, MemoryAbi.REMOVE_SIZE)
      .in("dom", MemoryAbi.REMOVE_DOMID, 2).in("gfn", MemoryAbi.REMOVE_GPFN, 8)),
  INCREASE_RESERVATION(ArmShape.reservation("increase_reservation", MemoryAbi.INCREASE_RESERVATION)),
  DECREASE_RESERVATION(ArmShape.reservation("decrease_reservation", MemoryAbi.DECREASE_RESERVATION)),
  POPULATE_PHYSMAP(ArmShape.reservation("populate_physmap", MemoryAbi.POPULATE_PHYSMAP)),
  MAXIMUM_RAM_PAGE(ArmShape.memoryQuery("maximum_ram_page", MemoryAbi.MAXIMUM_RAM_PAGE)),
  CURRENT_RESERVATION(ArmShape.memoryQuery("current_reservation", MemoryAbi.CURRENT_RESERVATION)),
  MAXIMUM_RESERVATION(ArmShape.memoryQuery("maximum_reservation", MemoryAbi.MAXIMUM_RESERVATION)),
  MAXIMUM_GPFN(ArmShape.memoryQuery("maximum_gpfn", MemoryAbi.MAXIMUM_GPFN)),

  /** XENVER_version: nothing is read from the struct. */
  XEN_VERSION(struct("xen_version", 17, 0, 8)),
  /** XENVER_get_features: {@code xen_feature_info}. */
  GET_FEATURES(struct("get_features", 17, 6, 8).in("idx", 0, 4).out("map", 4, 4)),
  EVTCHN_ALLOC_UNBOUND(struct("evtchn_alloc_unbound", 32, 6, 8).in("dom", 0, 2).in("remote", 2, 2).out("port", 4, 4)),
  EVTCHN_BIND_INTERDOMAIN(struct("evtchn_bind_interdomain", 32, 0, 12).in("remote", 0, 2).in("rport", 4, 4).out("port", 8, 4)),
  EVTCHN_SEND(struct("evtchn_send", 32, 4, 4).in("port", 0, 4)),
  EVTCHN_CLOSE(struct("evtchn_close", 32, 3, 4).in("port", 0, 4)),
  /** HVMOP_get_param: {@code xen_hvm_param}. */
  HVM_GET_PARAM(struct("hvm_get_param", 34, 1, 16).in("dom", 0, 2).in("index", 4, 4).out("value", 8, 8)),

  /** Any hypercall: its number and one to five raw arguments, or none; see {@link ArmLine#inCount}. */
  HYP(script("hyp", Kind.REGISTERS, 0).in("nr", 8).in("a0", 8).in("a1", 8).in("a2", 8).in("a3", 8).in("a4", 8).optionalInputs(5)),

  /** Writes a version 1 entry: domain, frame, then flags. */
  GTE(script("gte", Kind.ENTRY, 0).in("ref", 8).in("flags", 2).in("dom", 2).in("gfn", 4)),
  /** Writes the flags of a version 1 entry. */
  GTF(script("gtf", Kind.ENTRY, 0).in("ref", 8).in("flags", 2)),
  /** Reads a version 1 entry with one 8-byte load. The outputs are there even after an abort, and mean nothing then. */
  GTR(script("gtr", Kind.ENTRY, 0).in("ref", 8).out("flags", 2).out("dom", 2).out("gfn", 4)),
  R8(ArmShape.read("r8", 1)),
  R16(ArmShape.read("r16", 2)),
  R32(ArmShape.read("r32", 4)),
  R64(ArmShape.read("r64", 8)),
  W8(ArmShape.write("w8", 1)),
  W16(ArmShape.write("w16", 2)),
  W32(ArmShape.write("w32", 4)),
  W64(ArmShape.write("w64", 8)),
  /** Fills {@code len} bytes; the guest does not notice an abort. */
  FILL(script("fill", Kind.FILL, 0).in("addr", 8).in("byte", 1).in("len", 8)),

  /** Maps one reference at consecutive pages until the first failure; {@code handle} is that of the first success. */
  MAPMANY(script("mapmany", Kind.LOOP, 0).in("dom", 2).in("ref", 4).in("flags", 4).in("addr", 8).in("n", 8)
      .out("done", 8).out("handle", 8).withStatus()),
  /** Unmaps consecutive pages and handles until the first failure. */
  UNMAPMANY(script("unmapmany", Kind.LOOP, 0).in("addr", 8).in("handle", 4).in("n", 8).out("done", 8).withStatus());

  /** How an operation is played. */
  public enum Kind {
    /** A hypercall with an argument struct, or with several as a batch. */
    STRUCT,
    /** A hypercall whose arguments are given as they go into the registers. */
    REGISTERS,
    /** Plain accesses to a version 1 entry of the guest's grant table. */
    ENTRY,
    /** One load of {@link #accessSize} bytes at input 0; output 0 is the value. */
    READ,
    /** One store of {@link #accessSize} bytes of input 1 at input 0. */
    WRITE,
    /** Many stores. */
    FILL,
    /** Many hypercalls, each with one argument struct. */
    LOOP
  }

  private static final Map<String, ArmOperation> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(ArmOperation::recordedName, Function.identity()));

  private final ArmShape shape;
  final Names inNames;
  final Names outNames;
  final Range[] inRanges;
  final Range[] outRanges;

  ArmOperation(ArmShape shape) {
    this.shape = shape;
    inNames = new Names("\"in\" of " + shape.name, names(shape.in, List.of()));
    List<String> marks = switch (shape.kind) {
      case STRUCT -> List.of("retried");
      case ENTRY, READ, WRITE -> List.of("esr", "far");
      case REGISTERS, FILL, LOOP -> List.of();
    };
    outNames = new Names("\"out\" of " + shape.name, names(shape.out, marks));
    inRanges = shape.in.stream().map(field -> Range.unsigned(shape.truncates() ? 8 : field.size())).toArray(Range[]::new);
    outRanges = shape.out.stream().map(field -> Range.unsigned(field.size())).toArray(Range[]::new);
  }

  private static List<String> names(List<ArmField> fields, List<String> more) {
    return Stream.concat(fields.stream().map(ArmField::name), more.stream()).toList();
  }

  /** The operation of that name; null if the format has none. */
  static @Nullable ArmOperation named(String name) {
    return BY_NAME.get(name);
  }

  static List<String> recordedNames() {
    return Arrays.stream(values()).map(ArmOperation::recordedName).toList();
  }

  /** As recordings spell it. */
  public String recordedName() {
    return shape.name;
  }

  public Kind kind() {
    return shape.kind;
  }

  /** Hypercall number of a {@link Kind#STRUCT} operation, else -1. */
  public int hypercall() {
    return shape.hypercall;
  }

  /** Command, the first argument of the hypercall, of a {@link Kind#STRUCT} operation, else -1. */
  public int command() {
    return shape.command;
  }

  /** Bytes of the argument struct as the recording guest packs it, else 0. A bare domid is passed in a struct of 8 bytes. */
  public int structSize() {
    return shape.structSize;
  }

  /** Bytes that a {@link Kind#READ} or {@link Kind#WRITE} operation loads or stores, else 0. */
  public int accessSize() {
    return shape.accessSize;
  }

  /** The inputs in the order of {@link ArmLine#in}. */
  public List<ArmField> in() {
    return shape.in;
  }

  /** The outputs, without the status, in the order of {@link ArmLine#out}. */
  public List<ArmField> out() {
    return shape.out;
  }

  public boolean hasStatus() {
    return shape.hasStatus;
  }

  /** Offset of the signed 16-bit status in the argument struct; -1 if there is none. */
  public int statusOffset() {
    return shape.statusOffset;
  }

  /** Mask of the inputs that every line has. */
  long requiredInputs() {
    return Names.first(shape.in.size() - shape.optionalInputs);
  }
}
