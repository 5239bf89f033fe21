package org.xenarium.gnttab.model;

import com.google.common.collect.ImmutableList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.abi.CopyLayout;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.MapLayout;
import org.xenarium.gnttab.abi.SwapLayout;
import org.xenarium.gnttab.abi.UnmapLayout;

/** A hypercall that can change who reaches what, from its HVC to its end or its next preemption. */
final class Flight implements Cloneable {
  /** Added to the operations of memory_op to tell them from those of grant_table_op. */
  static final int MEMORY = 1 << 16;

  final int domid;
  final int vcpu;
  final int operation;

  /** Guest address of the current element, or of the one struct. */
  long address;

  /** Elements left, the current one included. */
  int left;

  /** Index of the current element. */
  int index;

  /** The version of the caller's table when the call began. */
  int version;

  /** Elements begun so far by memory_op calls: the extent to start with. */
  long start;

  /** The current element, once it has been read. */
  @Nullable Call element;

  /** Tells whether its bytes are still those that were read. */
  long imprint;

  /** What a memory_op call asks for. */
  @Nullable MemoryRequest request;

  /** Where a memory_op call finds that. */
  long argument;

  /** What may be answered to the element, in all that the granter has stored since it was read. */
  Statuses allowed = Statuses.NONE;

  /** What may be answered to it by what each of its own steps has found, others being under way. */
  Statuses seen = Statuses.NONE;

  /** The element as its steps have found it, with the entries that it is about. */
  List<Call> read = List.of();

  /** The element has pinned an entry: from now on what the machine has is what the element has done. */
  boolean pinned;

  /** The granter stored something in the course of this element. */
  boolean stirred;

  /** The entries of the element, as they were last seen, and what was known then. */
  long firstSeen;

  long secondSeen;
  State known = State.EMPTY;

  /** The granter stored something, or another call ended, in the course of this element. */
  boolean varied;

  /** In the course of the whole call, entries changed while they were looked at or held. */
  boolean everVaried;

  /** Other calls, or a death, were under way in the course of this one. */
  boolean overlapped;

  /** An entry was overwritten by the call itself. */
  boolean spoilt;

  /** The last element of a copy, whose pages Xen still holds; null after a failure, which makes it let go of them. */
  Call.@Nullable Copy held;

  /** The unmap of a handle has been taken into account: it was given out again before the call could say so. */
  boolean ahead;

  /** What decided last, and whether it was in the last step. */
  @Nullable Rule decided;

  boolean justDecided;

  private Flight(Vcpu vcpu, int operation) {
    domid = vcpu.domain().id();
    this.vcpu = vcpu.id();
    this.operation = operation;
    address = vcpu.x(1);
  }

  /** The call that the vCPU is about to begin, if it is one that matters. */
  static @Nullable Flight of(Vcpu vcpu) {
    if (vcpu.number() == MemoryAbi.HYPERCALL) {
      return ofMemory(vcpu);
    }
    int command = (int) vcpu.x(0);
    int count = (int) vcpu.x(2);
    if (vcpu.number() != GnttabOp.HYPERCALL || count < 0) {
      return null;
    }
    boolean batch = elementSize(command) > 0;
    boolean single = command == GnttabOp.SETUP_TABLE || command == GnttabOp.SET_VERSION;
    if (batch ? count == 0 : !single) {
      return null;
    }
    Flight flight = new Flight(vcpu, command);
    flight.left = batch ? count : 0;
    return flight;
  }

  private static @Nullable Flight ofMemory(Vcpu vcpu) {
    int operation = (int) vcpu.x(0) & ((1 << MemoryAbi.CMD_BITS) - 1);
    boolean matters =
        switch (operation) {
          case MemoryAbi.INCREASE_RESERVATION,
              MemoryAbi.DECREASE_RESERVATION,
              MemoryAbi.POPULATE_PHYSMAP,
              MemoryAbi.ADD_TO_PHYSMAP,
              MemoryAbi.ADD_TO_PHYSMAP_BATCH,
              MemoryAbi.REMOVE_FROM_PHYSMAP,
              MemoryAbi.ACQUIRE_RESOURCE -> true;
          default -> false;
        };
    if (!matters) {
      return null;
    }
    Flight flight = new Flight(vcpu, operation + MEMORY);
    flight.start = vcpu.x(0) >>> MemoryAbi.CMD_BITS;
    return flight;
  }

  static int elementSize(int operation) {
    return switch (operation) {
      case GnttabOp.MAP_GRANT_REF -> MapLayout.SIZE;
      case GnttabOp.UNMAP_GRANT_REF, GnttabOp.UNMAP_AND_REPLACE -> UnmapLayout.SIZE;
      case GnttabOp.COPY -> CopyLayout.SIZE;
      case GnttabOp.SWAP_GRANT_REF -> SwapLayout.SIZE;
      default -> 0;
    };
  }

  /** Where an element has its status. */
  static int statusOffset(int operation) {
    return switch (operation) {
      case GnttabOp.MAP_GRANT_REF -> MapLayout.STATUS;
      case GnttabOp.COPY -> CopyLayout.STATUS;
      case GnttabOp.SWAP_GRANT_REF -> SwapLayout.STATUS;
      default -> UnmapLayout.STATUS;
    };
  }

  boolean isMemory() {
    return operation >= MEMORY;
  }

  /** Can more than one order of events explain the current element? */
  boolean isOpen() {
    return varied || overlapped || spoilt;
  }

  /** A step has found the element like that. What was read by different steps need not belong together. */
  void reads(Call found) {
    if (read.contains(found)) {
      return;
    }
    LinkedHashSet<Call> all = new LinkedHashSet<>(read);
    all.add(found);
    for (Call before : read) {
      switch (before) {
        case Call.Map one when found instanceof Call.Map other -> Collections.addAll(all, one.withFrameOf(other), other.withFrameOf(one));
        case Call.Copy one when found instanceof Call.Copy other ->
            Collections.addAll(all, one.withFramesOf(other), other.withFramesOf(one), one.withDestOf(other), other.withDestOf(one));
        default -> {}
      }
    }
    read = ImmutableList.copyOf(all);
  }

  void nextElement() {
    element = null;
    allowed = Statuses.NONE;
    seen = Statuses.NONE;
    read = List.of();
    pinned = false;
    stirred = false;
    varied = false;
    ahead = false;
    known = State.EMPTY;
    address += elementSize(operation);
    left--;
    index++;
  }

  Flight copy() {
    try {
      return (Flight) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public String toString() {
    String name =
        switch (operation) {
          case GnttabOp.MAP_GRANT_REF -> "map_grant_ref";
          case GnttabOp.UNMAP_GRANT_REF -> "unmap_grant_ref";
          case GnttabOp.UNMAP_AND_REPLACE -> "unmap_and_replace";
          case GnttabOp.COPY -> "copy";
          case GnttabOp.SWAP_GRANT_REF -> "swap_grant_ref";
          case GnttabOp.SET_VERSION -> "set_version";
          case GnttabOp.SETUP_TABLE -> "setup_table";
          case MEMORY + MemoryAbi.INCREASE_RESERVATION -> "increase_reservation";
          case MEMORY + MemoryAbi.DECREASE_RESERVATION -> "decrease_reservation";
          case MEMORY + MemoryAbi.POPULATE_PHYSMAP -> "populate_physmap";
          case MEMORY + MemoryAbi.ADD_TO_PHYSMAP -> "add_to_physmap";
          case MEMORY + MemoryAbi.ADD_TO_PHYSMAP_BATCH -> "add_to_physmap_batch";
          case MEMORY + MemoryAbi.REMOVE_FROM_PHYSMAP -> "remove_from_physmap";
          default -> "acquire_resource";
        };
    return name + " of domain " + domid + ", vCPU " + vcpu + ", element " + index + (element == null ? "" : ", " + element);
  }
}
