package org.xenarium.emulator.memoryop;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.HypercallHandler;
import org.xenarium.emulator.hypercall.NotEmulatedException;

/** Hypercall 12, {@code memory_op}: finds the operation (spec §6.0). */
public final class MemoryOp implements HypercallHandler {
  // Operations of an Arm build of Xen that have no class here yet.
  private static final int CLAIM_PAGES = 24;
  private static final int GET_VNUMAINFO = 26;
  private static final int RESERVED_DEVICE_MEMORY_MAP = 27;

  /** Highest orders of extents, the defaults of the option {@code memop-max-order} (spec §9.3). */
  private static final int MAX_ORDER_GUEST = 9;

  private static final int MAX_ORDER_HARDWARE = 10;
  private static final int MAX_ORDER_CONTROL = 18;

  private final MapSpaces spaces;
  private final PageAdder adder;

  public MemoryOp(MapSpaces spaces) {
    this.spaces = spaces;
    adder = new PageAdder(spaces);
  }

  @Override
  public @Nullable Routine start(Vcpu vcpu) {
    return switch (operation(vcpu)) {
      case MemoryAbi.INCREASE_RESERVATION -> new Reservation(Reservation.Kind.INCREASE);
      case MemoryAbi.DECREASE_RESERVATION -> new Reservation(Reservation.Kind.DECREASE);
      case MemoryAbi.POPULATE_PHYSMAP -> new Reservation(Reservation.Kind.POPULATE);
      case MemoryAbi.MAXIMUM_RAM_PAGE,
          MemoryAbi.CURRENT_RESERVATION,
          MemoryAbi.MAXIMUM_RESERVATION,
          MemoryAbi.MAXIMUM_GPFN ->
          new Query();
      case MemoryAbi.ADD_TO_PHYSMAP -> new AddToPhysmap(adder);
      case MemoryAbi.ADD_TO_PHYSMAP_BATCH -> new AddToPhysmapBatch(adder);
      case MemoryAbi.EXCHANGE -> new Exchange();
      case MemoryAbi.ACQUIRE_RESOURCE -> new AcquireResource(spaces);
      case MemoryAbi.REMOVE_FROM_PHYSMAP -> new RemoveFromPhysmap();
      case CLAIM_PAGES, GET_VNUMAINFO, RESERVED_DEVICE_MEMORY_MAP -> throw new NotEmulatedException("memory_op " + operation(vcpu));
      default -> {
        vcpu.decided(0, MemoryRule.MEM_01);
        vcpu.setX(0, MemoryRule.MEM_01.result());
        yield null;
      }
    };
  }

  /** The operation number of the call that the vCPU is in. */
  static int operation(Vcpu vcpu) {
    return (int) vcpu.x(0) & ((1 << MemoryAbi.CMD_BITS) - 1);
  }

  /** The highest order of extents that the caller may ask for. */
  static int maxOrder(Domain caller) {
    if (caller.privileged()) {
      return MAX_ORDER_CONTROL;
    }
    return caller.hardware() || !caller.memoryConfig().devices().isEmpty() ? MAX_ORDER_HARDWARE : MAX_ORDER_GUEST;
  }

  /** Where a call begins: the extent that the command names, normally 0. */
  static long startExtent(Vcpu vcpu) {
    return vcpu.x(0) >>> MemoryAbi.CMD_BITS;
  }
}
