package org.xenarium.scenarios.script;

import static org.xenarium.scenarios.script.FieldType.ADDRESS;
import static org.xenarium.scenarios.script.FieldType.CACHE_FLAGS;
import static org.xenarium.scenarios.script.FieldType.COPY_FLAGS;
import static org.xenarium.scenarios.script.FieldType.DOMAIN;
import static org.xenarium.scenarios.script.FieldType.FAULT;
import static org.xenarium.scenarios.script.FieldType.FLAG;
import static org.xenarium.scenarios.script.FieldType.FRAME_LIST;
import static org.xenarium.scenarios.script.FieldType.GFN;
import static org.xenarium.scenarios.script.FieldType.GFN_OR_REF;
import static org.xenarium.scenarios.script.FieldType.GRANT_FLAGS;
import static org.xenarium.scenarios.script.FieldType.HANDLE;
import static org.xenarium.scenarios.script.FieldType.MAP_FLAGS;
import static org.xenarium.scenarios.script.FieldType.NUMBER;
import static org.xenarium.scenarios.script.FieldType.PORT_LIST;
import static org.xenarium.scenarios.script.FieldType.REF;
import static org.xenarium.scenarios.script.FieldType.RESOURCE;
import static org.xenarium.scenarios.script.FieldType.RETURN;
import static org.xenarium.scenarios.script.FieldType.SPACE;
import static org.xenarium.scenarios.script.FieldType.STATUS;
import static org.xenarium.scenarios.script.FieldType.TEXT;
import static org.xenarium.scenarios.script.FieldType.TIME;
import static org.xenarium.scenarios.script.Shape.driverArray;
import static org.xenarium.scenarios.script.Shape.driverStructs;
import static org.xenarium.scenarios.script.Shape.hypercall;
import static org.xenarium.scenarios.script.Shape.known;
import static org.xenarium.scenarios.script.Shape.read;
import static org.xenarium.scenarios.script.Shape.reservation;
import static org.xenarium.scenarios.script.Shape.script;
import static org.xenarium.scenarios.script.Shape.swap;
import static org.xenarium.scenarios.script.Shape.write;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.evtchn.EventChannelOp;
import org.xenarium.emulator.hypercall.Multicall;
import org.xenarium.emulator.hypercall.MulticallLayout;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.emulator.schedop.SchedOp;
import org.xenarium.gnttab.abi.GrantFlags;
import org.xenarium.gnttab.abi.MapFlags;
import org.xenarium.gnttab.abi.MapLayout;
import org.xenarium.scenarios.recording.ArmOperation;

/**
 * Everything that a step of a scenario can do: the one table that reading, writing, schema and reference come from. Operations of the
 * recordings carry their names and fields (docs/reference/recordings.md).
 */
@SuppressWarnings("ImmutableEnumChecker") // nothing changes after construction
public enum Operation {
  INIT(script(Kind.DRIVER, "the driver's start: maps the grant table and makes the list of free references")),
  GRANT_ACCESS(script(Kind.DRIVER, "grants a page to a domain; returns the reference").in("domid", DOMAIN).in("gfn", GFN).in("readonly", FLAG, 0)
      .returns(REF)),
  END_ACCESS(script(Kind.DRIVER, "withdraws a grant; returns 0, or an errno while it is in use").in("gref", REF)),
  MAP_REFS(driverArray(ArmOperation.MAP, "maps foreign grants in extended regions; returns 0 when the hypercall completed")
      .in("dom", DOMAIN).in("ref", REF).in("flags", MAP_FLAGS, MapFlags.HOST_MAP).in("addr", ADDRESS)),
  UNMAP_REFS(driverArray(ArmOperation.UNMAP, "unmaps foreign grants; returns 0 when the hypercall completed")
      .in("addr", ADDRESS).in("dev", NUMBER, 0).in("handle", HANDLE)),

  OLD_UNMAP_REFS(driverStructs("unmap_refs of V0 to V3, which takes elements of map_refs (D-Z4); what the hypervisor wrote shows", MapLayout.SIZE, MapLayout.STATUS)
      .in("dom", DOMAIN).at(MapLayout.DOM, 2).in("ref", REF).at(MapLayout.REF, 4).in("flags", MAP_FLAGS, MapFlags.HOST_MAP).at(MapLayout.FLAGS, 4)
      .in("addr", ADDRESS).at(MapLayout.HOST_ADDR, 8).in("status", STATUS, 0).at(MapLayout.STATUS, 2).in("handle", HANDLE).at(MapLayout.HANDLE, 4)
      .out("ref", REF).at(MapLayout.REF, 4).out("handle", HANDLE).at(MapLayout.HANDLE, 4)),
  GNTTABOP_ERROR(script(Kind.DRIVER, "the text of a status").in("status", STATUS).returns(TEXT)),

  ALLOC_AND_GRANT(script(Kind.DRIVER, "takes a page from the heap and grants it to domain 0; returns the reference or -ENOMEM")
      .in("readonly", FLAG, 0).returns(REF).out("page", ADDRESS)),
  GET_PAGES(script(Kind.DRIVER, "pages at which grants can be mapped; returns their address, or 0").in("npages", NUMBER).returns(ADDRESS)),
  PUT_PAGES(script(Kind.DRIVER, "gives such pages back; returns 0 or an errno").in("start", ADDRESS).in("npages", NUMBER)),
  GNTTAB_QUERY_SIZE(script(Kind.DRIVER, "tells how large a domain's table is and may become; returns 0 or an errno").in("dom", DOMAIN, DomId.SELF)
      .out("nr", NUMBER).out("max", NUMBER).withStatus()),
  K_MALLOC(script(Kind.DRIVER, "a block of the guest's heap, in whole pages; returns its address, or 0").in("bytes", NUMBER).returns(ADDRESS)),
  K_FREE(script(Kind.DRIVER, "frees a block of the guest's heap").in("block", ADDRESS)),

  MAP(known(ArmOperation.MAP, "GNTTABOP_map_grant_ref: maps another domain's grant")
      .in("dom", DOMAIN).in("ref", REF).in("flags", MAP_FLAGS, MapFlags.HOST_MAP).in("addr", ADDRESS)),
  UNMAP(known(ArmOperation.UNMAP, "GNTTABOP_unmap_grant_ref: ends a mapping")
      .in("addr", ADDRESS).in("dev", NUMBER, 0).in("handle", HANDLE)),
  SETUP_TABLE(known(ArmOperation.SETUP_TABLE, "GNTTABOP_setup_table: makes the table larger and tells its frames")
      .in("dom", DOMAIN, DomId.SELF).in("nr", NUMBER).in("list", ADDRESS)),
  DUMP_TABLE(known(ArmOperation.DUMP_TABLE, "GNTTABOP_dump_table").in("dom", DOMAIN, DomId.SELF)),
  TRANSFER(known(ArmOperation.TRANSFER, "GNTTABOP_transfer: gives a page away").in("mfn", GFN).in("dom", DOMAIN).in("ref", REF)),
  COPY(known(ArmOperation.COPY, "GNTTABOP_copy: copies bytes between pages; src and dst are references where flags say so")
      .in("src", GFN_OR_REF).in("sdom", DOMAIN, DomId.SELF).in("soff", NUMBER, 0)
      .in("dst", GFN_OR_REF).in("ddom", DOMAIN, DomId.SELF).in("doff", NUMBER, 0).in("len", NUMBER).in("flags", COPY_FLAGS, 0)),
  QUERY_SIZE(known(ArmOperation.QUERY_SIZE, "GNTTABOP_query_size: tells how large the table is and may become").in("dom", DOMAIN, DomId.SELF)),
  UNMAP_AND_REPLACE(known(ArmOperation.UNMAP_AND_REPLACE, "GNTTABOP_unmap_and_replace")
      .in("addr", ADDRESS).in("new", ADDRESS).in("handle", HANDLE)),
  SET_VERSION(known(ArmOperation.SET_VERSION, "GNTTABOP_set_version: changes the version of the table").in("version", NUMBER)),
  GET_STATUS_FRAMES(known(ArmOperation.GET_STATUS_FRAMES, "GNTTABOP_get_status_frames: tells the status frames of version 2")
      .in("nr", NUMBER).in("dom", DOMAIN, DomId.SELF).in("list", ADDRESS)),
  GET_VERSION(known(ArmOperation.GET_VERSION, "GNTTABOP_get_version: tells the version of a table").in("dom", DOMAIN, DomId.SELF)),
  SWAP_GRANT_REF(known(ArmOperation.SWAP_GRANT_REF, "GNTTABOP_swap_grant_ref: exchanges two entries").in("a", REF).in("b", REF)),
  CACHE_FLUSH(known(ArmOperation.CACHE_FLUSH, "GNTTABOP_cache_flush; a is a machine address, or a reference where op says so")
      .in("a", NUMBER).in("off", NUMBER, 0).in("len", NUMBER).in("op", CACHE_FLAGS)),

  ADD_TO_PHYSMAP(known(ArmOperation.ADD_TO_PHYSMAP, "XENMEM_add_to_physmap: maps a frame of Xen's, such as a grant frame")
      .in("dom", DOMAIN, DomId.SELF).in("space", SPACE).in("idx", NUMBER, 0).in("gfn", GFN)),
  REMOVE_FROM_PHYSMAP(known(ArmOperation.REMOVE_FROM_PHYSMAP, "XENMEM_remove_from_physmap: makes a hole")
      .in("dom", DOMAIN, DomId.SELF).in("gfn", GFN)),
  INCREASE_RESERVATION(reservation(ArmOperation.INCREASE_RESERVATION, "XENMEM_increase_reservation: more RAM")),
  DECREASE_RESERVATION(reservation(ArmOperation.DECREASE_RESERVATION, "XENMEM_decrease_reservation: gives RAM back")),
  POPULATE_PHYSMAP(reservation(ArmOperation.POPULATE_PHYSMAP, "XENMEM_populate_physmap: new RAM at given pages")),
  MAXIMUM_RAM_PAGE(known(ArmOperation.MAXIMUM_RAM_PAGE, "XENMEM_maximum_ram_page").in("dom", DOMAIN, DomId.SELF)),
  CURRENT_RESERVATION(known(ArmOperation.CURRENT_RESERVATION, "XENMEM_current_reservation: how many pages a domain owns")
      .in("dom", DOMAIN, DomId.SELF)),
  MAXIMUM_RESERVATION(known(ArmOperation.MAXIMUM_RESERVATION, "XENMEM_maximum_reservation: how many pages it may own")
      .in("dom", DOMAIN, DomId.SELF)),
  ADD_TO_PHYSMAP_BATCH(hypercall("XENMEM_add_to_physmap_batch: maps several frames; errs is where the error of each, four bytes, is stored",
          MemoryAbi.HYPERCALL, MemoryAbi.ADD_TO_PHYSMAP_BATCH, MemoryAbi.BATCH_SIZE)
      .in("dom", DOMAIN, DomId.SELF).at(MemoryAbi.BATCH_DOMID, 2).in("space", SPACE).at(MemoryAbi.BATCH_SPACE, 2)
      .in("foreign", DOMAIN, 0).at(MemoryAbi.BATCH_FOREIGN, 2).in("idxs", FRAME_LIST).at(MemoryAbi.BATCH_IDXS, 8)
      .in("nr", NUMBER, 1).at(MemoryAbi.BATCH_COUNT, 2).in("gfns", FRAME_LIST).at(MemoryAbi.BATCH_GPFNS, 8).in("errs", ADDRESS).at(MemoryAbi.BATCH_ERRS, 8)),
  ACQUIRE_RESOURCE(hypercall("XENMEM_acquire_resource: maps frames of a resource at the pages of a list; without frames tells how many there are",
          MemoryAbi.HYPERCALL, MemoryAbi.ACQUIRE_RESOURCE, MemoryAbi.ACQUIRE_SIZE)
      .in("dom", DOMAIN).at(MemoryAbi.ACQUIRE_DOMID, 2).in("type", RESOURCE).at(MemoryAbi.ACQUIRE_TYPE, 2).in("id", NUMBER, 0).at(MemoryAbi.ACQUIRE_ID, 4)
      .in("frame", NUMBER, 0).at(MemoryAbi.ACQUIRE_FRAME, 8).in("list", FRAME_LIST, 0).at(MemoryAbi.ACQUIRE_FRAME_LIST, 8)
      .in("nr", NUMBER, 0).at(MemoryAbi.ACQUIRE_NR_FRAMES, 4).in("pad", NUMBER, 0).at(MemoryAbi.ACQUIRE_PAD, 4).out("nr", NUMBER).at(MemoryAbi.ACQUIRE_NR_FRAMES, 4)),
  EXCHANGE(hypercall("XENMEM_exchange: pages for other ones; done is how many extents were exchanged",
          MemoryAbi.HYPERCALL, MemoryAbi.EXCHANGE, MemoryAbi.EXCHANGE_SIZE)
      .in("dom", DOMAIN, DomId.SELF).at(MemoryAbi.RESERVATION_DOMID, 2).in("list", FRAME_LIST).at(MemoryAbi.RESERVATION_EXTENT_START, 8)
      .in("nr", NUMBER, 1).at(MemoryAbi.RESERVATION_NR_EXTENTS, 8).in("order", NUMBER, 0).at(MemoryAbi.RESERVATION_EXTENT_ORDER, 4)
      .in("flags", NUMBER, 0).at(MemoryAbi.RESERVATION_MEM_FLAGS, 4)
      .in("out_dom", DOMAIN, DomId.SELF).at(MemoryAbi.EXCHANGE_OUT + MemoryAbi.RESERVATION_DOMID, 2)
      .in("out_list", FRAME_LIST).at(MemoryAbi.EXCHANGE_OUT + MemoryAbi.RESERVATION_EXTENT_START, 8)
      .in("out_nr", NUMBER, 1).at(MemoryAbi.EXCHANGE_OUT + MemoryAbi.RESERVATION_NR_EXTENTS, 8)
      .in("out_order", NUMBER, 0).at(MemoryAbi.EXCHANGE_OUT + MemoryAbi.RESERVATION_EXTENT_ORDER, 4)
      .in("out_flags", NUMBER, 0).at(MemoryAbi.EXCHANGE_OUT + MemoryAbi.RESERVATION_MEM_FLAGS, 4)
      .in("done", NUMBER, 0).at(MemoryAbi.EXCHANGE_NR_EXCHANGED, 8).out("done", NUMBER).at(MemoryAbi.EXCHANGE_NR_EXCHANGED, 8)),
  MAXIMUM_GPFN(known(ArmOperation.MAXIMUM_GPFN, "XENMEM_maximum_gpfn: the highest guest frame in use").in("dom", DOMAIN, DomId.SELF)),

  XEN_VERSION(known(ArmOperation.XEN_VERSION, "XENVER_version")),
  GET_FEATURES(known(ArmOperation.GET_FEATURES, "XENVER_get_features").in("idx", NUMBER, 0)),
  EVTCHN_ALLOC_UNBOUND(known(ArmOperation.EVTCHN_ALLOC_UNBOUND, "EVTCHNOP_alloc_unbound: a port to which another domain may bind")
      .in("dom", DOMAIN, DomId.SELF).in("remote", DOMAIN)),
  EVTCHN_BIND_INTERDOMAIN(known(ArmOperation.EVTCHN_BIND_INTERDOMAIN, "EVTCHNOP_bind_interdomain: binds to another domain's port")
      .in("remote", DOMAIN).in("rport", NUMBER)),
  EVTCHN_SEND(known(ArmOperation.EVTCHN_SEND, "EVTCHNOP_send: notifies the other end").in("port", NUMBER)),
  EVTCHN_CLOSE(known(ArmOperation.EVTCHN_CLOSE, "EVTCHNOP_close").in("port", NUMBER)),
  EVTCHN_UNMASK(events("EVTCHNOP_unmask: lets a port tell its vCPU of events again", EventChannelOp.UNMASK, 4).in("port", NUMBER).at(0, 4)),
  EVTCHN_STATUS(events("EVTCHNOP_status: tells what a port is (0 closed, 1 unbound, 2 interdomain, 4 VIRQ, 5 IPI), which vCPU hears of it, and whereto it leads",
          EventChannelOp.STATUS, 24)
      .in("dom", DOMAIN, DomId.SELF).at(0, 2).in("port", NUMBER).at(4, 4).out("state", NUMBER).at(8, 4).out("vcpu", NUMBER).at(12, 4)
      .out("remote", DOMAIN).at(16, 2).out("virq", NUMBER).at(16, 4).out("rport", NUMBER).at(20, 4)),
  EVTCHN_BIND_VIRQ(events("EVTCHNOP_bind_virq: a port for a virtual interrupt of a vCPU", EventChannelOp.BIND_VIRQ, 12)
      .in("virq", NUMBER).at(0, 4).in("vcpu", NUMBER, 0).at(4, 4).out("port", NUMBER).at(8, 4)),
  EVTCHN_BIND_IPI(events("EVTCHNOP_bind_ipi: a port by which the domain notifies one of its own vCPUs", EventChannelOp.BIND_IPI, 8)
      .in("vcpu", NUMBER, 0).at(0, 4).out("port", NUMBER).at(4, 4)),
  EVTCHN_BIND_VCPU(events("EVTCHNOP_bind_vcpu: another vCPU hears of a port", EventChannelOp.BIND_VCPU, 8)
      .in("port", NUMBER).at(0, 4).in("vcpu", NUMBER).at(4, 4)),
  EVTCHN_RESET(events("EVTCHNOP_reset: closes all ports of a domain", EventChannelOp.RESET, 2).in("dom", DOMAIN, DomId.SELF).at(0, 2)),
  SCHED_YIELD(hypercall("SCHEDOP_yield: lets others run first", SchedOp.HYPERCALL, SchedOp.YIELD, 0)),
  SCHED_BLOCK(hypercall("SCHEDOP_block: takes interrupts, and goes on when there is an event", SchedOp.HYPERCALL, SchedOp.BLOCK, 0)),
  SCHED_POLL(hypercall("SCHEDOP_poll: goes on when one of the ports is pending, or at the virtual time until", SchedOp.HYPERCALL, SchedOp.POLL, 24)
      .in("ports", PORT_LIST).at(0, 8).in("nr", NUMBER, 1).at(8, 4).in("until", TIME, 0).at(16, 8)),
  SCHED_SHUTDOWN(hypercall("SCHEDOP_shutdown: the domain ends itself and never comes back; the reason is 0 for poweroff, 1 reboot, 2 suspend, 3 crash",
          SchedOp.HYPERCALL, SchedOp.SHUTDOWN, 4).in("reason", NUMBER).at(0, 4)),
  SCHED_SHUTDOWN_CODE(hypercall("SCHEDOP_shutdown_code: notes the reason of a later shutdown", SchedOp.HYPERCALL, SchedOp.SHUTDOWN_CODE, 4)
      .in("reason", NUMBER).at(0, 4)),
  SCHED_REMOTE_SHUTDOWN(hypercall("SCHEDOP_remote_shutdown: ends another domain", SchedOp.HYPERCALL, SchedOp.REMOTE_SHUTDOWN, 8)
      .in("dom", DOMAIN).at(0, 2).in("reason", NUMBER).at(4, 4)),
  MULTICALL(hypercall("makes several hypercalls, each given by its number and raw arguments", Multicall.HYPERCALL, Struct.NO_COMMAND, MulticallLayout.SIZE)
      .in("nr", NUMBER).at(MulticallLayout.OP, 8).in("a0", NUMBER, 0).at(MulticallLayout.argument(0), 8).in("a1", ADDRESS, 0).at(MulticallLayout.argument(1), 8)
      .in("a2", NUMBER, 0).at(MulticallLayout.argument(2), 8).in("a3", NUMBER, 0).at(MulticallLayout.argument(3), 8)
      .in("a4", NUMBER, 0).at(MulticallLayout.argument(4), 8).in("a5", NUMBER, 0).at(MulticallLayout.argument(5), 8)
      .out("result", RETURN).at(MulticallLayout.RESULT, 8)),
  HVM_GET_PARAM(known(ArmOperation.HVM_GET_PARAM, "HVMOP_get_param").in("dom", DOMAIN, DomId.SELF).in("index", NUMBER)),
  HYP(known(ArmOperation.HYP, "any hypercall by its number, with raw arguments")
      .in("nr", NUMBER).in("a0", NUMBER, 0).in("a1", ADDRESS, 0).in("a2", NUMBER, 0).in("a3", NUMBER, 0).in("a4", NUMBER, 0)),

  GTE(known(ArmOperation.GTE, "writes a version 1 entry: domain, frame, then flags")
      .in("ref", REF).in("flags", GRANT_FLAGS).in("dom", DOMAIN).in("gfn", GFN)),
  GTF(known(ArmOperation.GTF, "writes the flags of a version 1 entry").in("ref", REF).in("flags", GRANT_FLAGS)),
  GTR(known(ArmOperation.GTR, "reads a version 1 entry with one load").in("ref", REF)),
  GTE2(script(Kind.ENTRY, "writes a version 2 entry: domain, window (of a sub_page entry), frame, then flags")
      .in("ref", REF).in("flags", GRANT_FLAGS).at(-1, 2).in("dom", DOMAIN).at(-1, 2).in("gfn", GFN).in("off", NUMBER, 0).at(-1, 2).in("len", NUMBER, 0).at(-1, 2)),
  GTT2(script(Kind.ENTRY, "writes a transitive version 2 entry, which leads to a grant of the domain via: domain, granter, reference, then flags")
      .in("ref", REF).in("flags", GRANT_FLAGS, GrantFlags.TRANSITIVE).at(-1, 2).in("dom", DOMAIN).at(-1, 2).in("via", DOMAIN).at(-1, 2).in("gref", REF).at(-1, 4)),
  GTF2(script(Kind.ENTRY, "writes the flags of a version 2 entry").in("ref", REF).in("flags", GRANT_FLAGS).at(-1, 2)),
  GTR2(script(Kind.ENTRY, "reads a version 2 entry with two loads: off and len are the granter and zero of a transitive one, gfn its reference").in("ref", REF)
      .out("flags", GRANT_FLAGS).at(-1, 2).out("dom", DOMAIN).at(-1, 2).out("off", NUMBER).at(-1, 2).out("len", NUMBER).at(-1, 2).out("gfn", GFN)),
  GTS(script(Kind.ENTRY, "reads the status word of a version 2 entry; frames is where the status frames are mapped")
      .in("ref", REF).in("frames", ADDRESS).out("flags", GRANT_FLAGS).at(-1, 2)),
  R8(read(ArmOperation.R8, "loads one byte")),
  R16(read(ArmOperation.R16, "loads two bytes")),
  R32(read(ArmOperation.R32, "loads four bytes")),
  R64(read(ArmOperation.R64, "loads eight bytes")),
  W8(write(ArmOperation.W8, "stores one byte")),
  W16(write(ArmOperation.W16, "stores two bytes")),
  W32(write(ArmOperation.W32, "stores four bytes")),
  W64(write(ArmOperation.W64, "stores eight bytes")),
  CAS16(swap("compares two bytes with old and replaces them by val if they are equal; found is what was there", 2)),
  CAS32(swap("as cas16, four bytes", 4)),
  CAS64(swap("as cas16, eight bytes", 8)),
  FILL(known(ArmOperation.FILL, "stores one byte many times").in("addr", ADDRESS).in("byte", NUMBER).in("len", NUMBER)),
  MAPMANY(known(ArmOperation.MAPMANY, "maps one reference at consecutive pages until the first failure")
      .in("dom", DOMAIN).in("ref", REF).in("flags", MAP_FLAGS, MapFlags.HOST_MAP).in("addr", ADDRESS).in("n", NUMBER)),
  UNMAPMANY(known(ArmOperation.UNMAPMANY, "unmaps consecutive pages and handles until the first failure")
      .in("addr", ADDRESS).in("handle", HANDLE).in("n", NUMBER)),

  HANDLE_UPCALLS(script(Kind.INTERRUPT, "has a handler from now on, and takes interrupts: of each pending port that is not masked it clears the bit and adds 1 to the "
          + "four bytes at counts + 4 times port; info is where the guest has mapped shared_info").in("info", ADDRESS).in("counts", ADDRESS)),
  INTERRUPTS(script(Kind.INTERRUPT, "takes interrupts from now on, or no longer, as the processor's mask says").in("on", FLAG)),
  IRQ_LOCK(script(Kind.INTERRUPT, "locks interrupts for the running thread, once more")),
  IRQ_UNLOCK(script(Kind.INTERRUPT, "takes one irq_lock back, if there is one")),
  WAIT_FOR_EVENT(script(Kind.INTERRUPT, "WFI: nothing more until there is an event, be it taken as an interrupt or not")),
  PREEMPT(script(Kind.INTERRUPT, "the next hypercall of this vCPU is preempted at that preemption point, counted from 0, and taken up again").in("point", NUMBER)),

  WAIT(script(Kind.WAIT, "does nothing for a time").in("time", TIME)),
  AWAIT(script(Kind.AWAIT, "waits until the four bytes at an address are val").in("addr", ADDRESS).in("val", NUMBER)),
  BARRIER(script(Kind.BARRIER, "waits until every program that names this barrier has come to it").in("id", NUMBER)),

  CREATE(script(Kind.TOOLSTACK, "creates a domain that is absent until then; its guests begin at once, unless Xen refuses").in("domain", DOMAIN)),
  SOFT_RESET(script(Kind.TOOLSTACK, "resets a paused domain: its event channels are closed, its grants stay, and because Arm cannot do the rest it crashes")
      .in("domain", DOMAIN)),
  DESTROY(script(Kind.TOOLSTACK, "destroys a domain, all of it at once").in("domain", DOMAIN)),
  BEGIN_DESTROY(script(Kind.TOOLSTACK, "begins to destroy a domain: in programs its steps come in the order of time, in a sequence by death_steps")
      .in("domain", DOMAIN)),
  DEATH_STEPS(script(Kind.TOOLSTACK, "takes so many steps of a destruction, or those that there are").in("domain", DOMAIN).in("n", NUMBER, 1)),
  PAUSE(script(Kind.TOOLSTACK, "keeps the vCPUs of a domain from running").in("domain", DOMAIN)),
  UNPAUSE(script(Kind.TOOLSTACK, "takes one pause back").in("domain", DOMAIN)),
  GO_ON(script(Kind.TOOLSTACK, "lets a vCPU that has stopped in its step go on, by so many indivisible steps or to the end of its step")
      .in("domain", DOMAIN).in("vcpu", NUMBER, 0).in("n", NUMBER, Integer.MAX_VALUE)),
  CRASH(script(Kind.TOOLSTACK, "shuts a domain down as crashed: it runs no more and keeps what it has").in("domain", DOMAIN)),
  FAIL(script(Kind.TOOLSTACK, "orders a failure: at that page or at any, between two times, after some passes, so many times")
      .in("point", FAULT).in("domain", DOMAIN).in("gfn", GFN, -1).in("from", TIME, 0).in("until", TIME, Long.MAX_VALUE)
      .in("passes", NUMBER, 0).in("times", NUMBER, Integer.MAX_VALUE));

  private static final ImmutableMap<String, Operation> BY_NAME = byName();

  private final Shape shape;
  private final ImmutableList<Field> in;
  private final ImmutableList<Field> out;

  Operation(Shape shape) {
    this.shape = shape;
    in = ImmutableList.copyOf(shape.in);
    out = ImmutableList.copyOf(shape.out);
    if (shape.recorded != null && shape.recorded.in().size() != in.size()) {
      throw new IllegalStateException(name() + " lacks inputs");
    }
  }

  private static Shape events(String summary, int command, int size) {
    return hypercall(summary, EventChannelOp.HYPERCALL, command, size);
  }

  private static ImmutableMap<String, Operation> byName() {
    ImmutableMap.Builder<String, Operation> names = ImmutableMap.builder();
    for (Operation operation : values()) {
      names.put(operation.spelling(), operation);
    }
    return names.buildOrThrow();
  }

  /** The operation of that name; null if there is none. */
  public static @Nullable Operation named(String name) {
    return BY_NAME.get(name);
  }

  /** As scenarios spell it. */
  public String spelling() {
    return name().toLowerCase(Locale.ROOT);
  }

  public Kind kind() {
    return shape.kind;
  }

  /** What it does, in a few words. */
  public String summary() {
    return shape.summary;
  }

  /** The operation of the recordings that it is, or whose structs it uses; null for those that recordings do not have. */
  public @Nullable ArmOperation recorded() {
    return shape.recorded;
  }

  /**
   * The struct that it is called with.
   *
   * @throws IllegalStateException if it has none
   */
  public Struct struct() {
    if (shape.struct == null) {
      throw new IllegalStateException(spelling() + " has no struct");
    }
    return shape.struct;
  }

  /** The inputs, in the order in which steps keep them. */
  public List<Field> in() {
    return in;
  }

  /** What it gives back for each element, without the status. */
  public List<Field> out() {
    return out;
  }

  /** What kind of number it returns. */
  public FieldType returns() {
    return shape.returns;
  }

  /** Whether it returns anything at all. */
  public boolean returnsSomething() {
    return switch (shape.kind) {
      case STRUCT, REGISTERS, LOOP, DRIVER, DRIVER_ARRAY -> true;
      case ENTRY, READ, WRITE, SWAP, FILL, INTERRUPT, WAIT, AWAIT, BARRIER, TOOLSTACK -> false;
    };
  }

  /** Whether each element has a status. */
  public boolean hasStatus() {
    return shape.status;
  }

  /** Whether it takes a list of elements. */
  public boolean takesBatches() {
    boolean counted = shape.struct != null && shape.struct.isCounted();
    return shape.kind == Kind.DRIVER_ARRAY || (shape.kind == Kind.STRUCT && counted);
  }

  /** Whether a vCPU does it, and a step says whose. */
  public boolean hasActor() {
    return shape.kind != Kind.TOOLSTACK;
  }

  /** Whether it is one access or more to memory that may abort. */
  public boolean mayFault() {
    return switch (shape.kind) {
      case READ, WRITE, SWAP, ENTRY -> true;
      default -> false;
    };
  }
}
