package org.xenarium.gnttab.model;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Access;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.domain.World;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.gnttab.abi.CopyFlags;
import org.xenarium.gnttab.abi.CopyLayout;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.MapLayout;
import org.xenarium.gnttab.abi.SwapLayout;
import org.xenarium.gnttab.abi.UnmapAndReplaceLayout;
import org.xenarium.gnttab.abi.UnmapLayout;
import org.xenarium.gnttab.table.GrantCall;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.Maptrack;
import org.xenarium.gnttab.table.SharedEntries;

/** Reads the elements of grant calls, the entries that they are about, and their answers from guest memory. */
final class CallReader {
  /** A new entry of a physmap needs no more tables than this. */
  private static final long TABLES = 4;

  /** Odd and large, so that small changes of two fields do not make up for each other. */
  private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

  private final World world;
  private final byte[] struct = new byte[CopyLayout.SIZE];

  CallReader(World world) {
    this.world = world;
  }

  /** The element that the flight is at, as it is in guest memory now; null if it cannot be read. */
  @Nullable Call element(State state, Flight flight, Vcpu vcpu, int flights) {
    Domain caller = vcpu.domain();
    if (!GuestBuffers.read(caller, flight.address, struct, 0, Flight.elementSize(flight.operation))) {
      return null;
    }
    return switch (flight.operation) {
      case GnttabOp.MAP_GRANT_REF -> map(state, caller, flights);
      case GnttabOp.UNMAP_GRANT_REF -> unmap(state, caller, Bytes.getInt(struct, UnmapLayout.HANDLE), 0);
      case GnttabOp.UNMAP_AND_REPLACE ->
          unmap(state, caller, Bytes.getInt(struct, UnmapAndReplaceLayout.HANDLE), Bytes.getLong(struct, UnmapAndReplaceLayout.NEW_ADDR));
      case GnttabOp.COPY -> copy(caller);
      default -> swap(caller);
    };
  }

  /** A number made of the bytes of the element that the flight is at: another one when somebody has written over them. */
  long imprint(Flight flight, Vcpu vcpu) {
    int size = Flight.elementSize(flight.operation);
    long imprint = GuestBuffers.read(vcpu.domain(), flight.address, struct, 0, size) ? 1 : 0;
    for (int i = 0; i < size; i += Integer.BYTES) {
      imprint = imprint * MULTIPLIER + Bytes.getInt(struct, i);
    }
    return imprint;
  }

  private Call.Map map(State state, Domain caller, int flights) {
    int granter = Bytes.getShort(struct, MapLayout.DOM);
    int ref = Bytes.getInt(struct, MapLayout.REF);
    Maptrack maptrack = GrantTable.of(caller).maptrack();
    int taken = state.known(caller.id()).mappings().size() + caller.vcpuCount() + flights;
    return new Call.Map(
        caller.id(),
        granter,
        ref,
        Bytes.getInt(struct, MapLayout.FLAGS),
        Bytes.getLong(struct, MapLayout.HOST_ADDR) >>> MachineMemory.PAGE_SHIFT,
        entry(granter, ref),
        taken > maptrack.limit() && !grows(maptrack),
        lacksTables(caller));
  }

  /** Could the maptrack grow, and is nothing planned to keep it from that? */
  private boolean grows(Maptrack maptrack) {
    return maptrack.limit() < maptrack.maxFrames() * Maptrack.PER_FRAME && !world.memory().shortage().isPlanned();
  }

  private static boolean lacksTables(Domain caller) {
    return caller.physmap().poolLeft() < TABLES;
  }

  private Call.Unmap unmap(State state, Domain caller, int handle, long replacement) {
    Mapping mapping = state.known(caller.id()).mapping(handle);
    boolean exists = mapping == null || entry(mapping.granter(), mapping.ref()) != null;
    return new Call.Unmap(caller.id(), handle, Bytes.getLong(struct, UnmapLayout.HOST_ADDR), replacement, exists, lacksTables(caller));
  }

  private Call.Copy copy(Domain caller) {
    int flags = Bytes.getShort(struct, CopyLayout.FLAGS);
    return new Call.Copy(
        caller.id(),
        operand(caller, (flags & CopyFlags.SOURCE_GREF) != 0, CopyLayout.SOURCE),
        operand(caller, (flags & CopyFlags.DEST_GREF) != 0, CopyLayout.DEST),
        Bytes.getShort(struct, CopyLayout.LEN));
  }

  private Call.Operand operand(Domain caller, boolean byRef, int at) {
    int domid = Bytes.getShort(struct, at + CopyLayout.SOURCE_DOMID);
    int offset = Bytes.getShort(struct, at + CopyLayout.SOURCE_OFFSET);
    if (!byRef) {
      return new Call.Operand(false, domid, Bytes.getLong(struct, at), offset, null);
    }
    int ref = Bytes.getInt(struct, at);
    return new Call.Operand(true, domid, DomainState.unsigned(ref), offset, entry(domid == DomId.SELF ? caller.id() : domid, ref));
  }

  private Call.Swap swap(Domain caller) {
    int a = Bytes.getInt(struct, SwapLayout.REF_A);
    int b = Bytes.getInt(struct, SwapLayout.REF_B);
    GrantTable table = GrantTable.of(caller);
    return new Call.Swap(caller.id(), a, b, table.contains(a) && table.contains(b));
  }

  /** The entry as it is stored now; null where there is none. */
  @Nullable Entry entry(int granter, int ref) {
    Domain domain = world.domain(granter);
    if (domain == null || !GrantTable.of(domain).contains(ref)) {
      return null;
    }
    GrantTable table = GrantTable.of(domain);
    int header = SharedEntries.header(domain, table, ref);
    int told = (table.version() != 2 ? header : SharedEntries.status(domain, table, ref)) & Entry.TOLD;
    return new Entry(header & 0xffff & ~Entry.TOLD, header >>> Short.SIZE, SharedEntries.frame(domain, table, ref), told, table.version());
  }

  /** Whether the call of that vCPU holds a pin that no live handle stands for yet. */
  static boolean hasPins(Vcpu vcpu) {
    boolean[] found = {false};
    if (vcpu.call() instanceof Routine call && call.innermost() instanceof GrantCall grant) {
      grant.forEachPin(vcpu, (granter, ref, readonly, holder) -> found[0] = true);
    }
    return found[0];
  }

  /** Whether somebody uses only a part of the page that is asked for, for the time of a copy. */
  boolean isPartInUse(Call.Map map) {
    Domain granter = world.domain(map.granter());
    return granter != null && GrantTable.of(granter).active().isPart(map.ref());
  }

  /** A number that changes when the granter stores something else in the entry, apart from what Xen tells there; almost always. */
  long glance(int granter, int ref) {
    Domain domain = world.domain(granter);
    if (domain == null || !GrantTable.of(domain).contains(ref)) {
      return -1;
    }
    GrantTable table = GrantTable.of(domain);
    long at = SharedEntries.address(domain, table, ref);
    long first = domain.world().memory().content().getLong(at) & ~(long) Entry.TOLD;
    return table.version() != 2 ? first : first * 31 + domain.world().memory().content().getLong(at + Long.BYTES);
  }

  /** What the element was answered; where that could not be written, what was decided. */
  Answer answer(Flight flight, Vcpu vcpu, int decided) {
    long status = flight.address + Flight.statusOffset(flight.operation);
    if (vcpu.access(status, true) != Access.DONE || !GuestBuffers.read(vcpu.domain(), flight.address, struct, 0, Flight.elementSize(flight.operation))) {
      return new Answer(decided, 0, 0);
    }
    int answered = (short) Bytes.getShort(struct, Flight.statusOffset(flight.operation));
    return flight.operation == GnttabOp.MAP_GRANT_REF
        ? new Answer(answered, Bytes.getInt(struct, MapLayout.HANDLE), Bytes.getLong(struct, MapLayout.DEV_BUS_ADDR) >>> MachineMemory.PAGE_SHIFT)
        : new Answer(answered, 0, 0);
  }
}
