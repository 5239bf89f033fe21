package org.xenarium.gnttab.driver;

import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.abi.MapFlags;
import org.xenarium.gnttab.abi.MapLayout;
import org.xenarium.gnttab.abi.UnmapLayout;

/** Maps the granter's first reference, uses the page if that worked, unmaps it; several times over. */
final class MapperProgram extends Routine {
  private enum Phase {
    MAP,
    MAPPING,
    USE,
    UNMAPPING
  }

  private static final long MAP_OPS = DriverBench.ARRAYS;
  private static final long UNMAP_OPS = DriverBench.ARRAYS + 256;
  static final long ADDRESS = DriverBench.REGION;

  private final int rounds;
  private final int uses;
  private Phase next = Phase.MAP;
  private Routine call = new MapRefs(MAP_OPS, 1);
  private int round;
  private int used;

  MapperProgram(int rounds, int uses) {
    this.rounds = rounds;
    this.uses = uses;
  }

  /** The next step loads from or stores to the mapped page. */
  boolean usesPageNext() {
    return next == Phase.USE && used < uses;
  }

  @Override
  public boolean step(Vcpu vcpu) {
    switch (next) {
      case MAP -> {
        vcpu.store(MAP_OPS + MapLayout.HOST_ADDR, 8, ADDRESS);
        vcpu.store(MAP_OPS + MapLayout.FLAGS, 4, MapFlags.HOST_MAP);
        vcpu.store(MAP_OPS + MapLayout.REF, 4, FreeList.RESERVED);
        vcpu.store(MAP_OPS + MapLayout.DOM, 2, DriverBench.GRANTER);
        call = new MapRefs(MAP_OPS, 1);
        next = Phase.MAPPING;
      }
      case MAPPING -> {
        if (!call.step(vcpu)) {
          boolean mapped = vcpu.x(0) == 0 && vcpu.load(MAP_OPS + MapLayout.STATUS, 2) == 0;
          used = 0;
          next = mapped ? Phase.USE : Phase.MAP;
          return mapped || ++round < rounds;
        }
      }
      case USE -> {
        if (used++ < uses) {
          vcpu.store(ADDRESS + 8 * used, 8, vcpu.load(ADDRESS, 8) + 1);
        } else {
          vcpu.store(UNMAP_OPS + UnmapLayout.HOST_ADDR, 8, ADDRESS);
          vcpu.store(UNMAP_OPS + UnmapLayout.DEV_BUS_ADDR, 8, 0);
          vcpu.store(UNMAP_OPS + UnmapLayout.HANDLE, 4, vcpu.load(MAP_OPS + MapLayout.HANDLE, 4));
          call = new UnmapRefs(UNMAP_OPS, 1);
          next = Phase.UNMAPPING;
        }
      }
      case UNMAPPING -> {
        if (!call.step(vcpu)) {
          next = Phase.MAP;
          return ++round < rounds;
        }
      }
    }
    return true;
  }

  @Override
  public void digest(Digest digest) {
    call.digest(digest);
    digest.add(next.ordinal()).add(round).add(used);
  }
}
