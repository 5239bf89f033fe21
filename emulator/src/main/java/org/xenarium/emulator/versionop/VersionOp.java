package org.xenarium.emulator.versionop;

import static org.xenarium.emulator.versionop.VersionRule.VER_01;
import static org.xenarium.emulator.versionop.VersionRule.VER_02;
import static org.xenarium.emulator.versionop.VersionRule.VER_03;
import static org.xenarium.emulator.versionop.VersionRule.VER_04;
import static org.xenarium.emulator.versionop.VersionRule.VER_05;
import static org.xenarium.emulator.versionop.VersionRule.VER_06;
import static org.xenarium.emulator.versionop.VersionRule.VER_07;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.hypercall.HypercallHandler;
import org.xenarium.emulator.hypercall.NotEmulatedException;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.semantics.Profile;
import org.xenarium.emulator.semantics.Semantics;

/** Hypercall 17, {@code xen_version}: what drivers ask of it ({@code xen/include/public/version.h}). Nothing here can be raced with. */
public final class VersionOp implements HypercallHandler {
  /** Hypercall number. */
  public static final int HYPERCALL = 17;

  public static final int VERSION = 0;
  public static final int GET_FEATURES = 6;
  private static final int PAGESIZE = 7;
  private static final int LAST = 10;

  /** {@code struct xen_feature_info}: submap_idx u32@0, submap u32@4. */
  private static final int FEATURES_SIZE = 8;

  private static final int FEATURES_SUBMAP = 4;

  /** Writable page tables, auto-translated physmap, vnode in memory_op, SMCCC. */
  private static final int FEATURES = 1 | 1 << 2 | 1 << 13 | 1 << 14;

  /** The domain is not direct-mapped. */
  private static final int NOT_DIRECT_MAPPED = 1 << 16;

  /** Run-state area registered by physical address. */
  private static final int RUNSTATE_PHYS_AREA = 1 << 18;

  @Override
  public @Nullable Routine start(Vcpu vcpu) {
    Semantics semantics = vcpu.world().semantics();
    int command = (int) vcpu.x(0);
    switch (command) {
      case VERSION -> answer(vcpu, (long) semantics.release().major() << 16 | semantics.release().minor());
      case PAGESIZE -> {
        if (vcpu.x(1) == 0) {
          answer(vcpu, MachineMemory.PAGE_SIZE);
        } else {
          decide(vcpu, VER_07);
        }
      }
      case GET_FEATURES -> decide(vcpu, features(vcpu, semantics));
      default -> {
        if (command > 0 && command <= LAST) {
          throw new NotEmulatedException("xen_version command " + command);
        }
        decide(vcpu, VER_01);
      }
    }
    return null;
  }

  private static VersionRule features(Vcpu vcpu, Semantics semantics) {
    if (semantics.profile() != Profile.ARM) {
      throw new NotEmulatedException("xen_version command " + GET_FEATURES + " on x86");
    }
    byte[] scratch = vcpu.world().host().scratch;
    if (!GuestBuffers.read(vcpu.domain(), vcpu.x(1), scratch, 0, FEATURES_SIZE)) {
      return VER_02;
    }
    if (Bytes.getInt(scratch, 0) != 0) {
      return VER_03;
    }
    int features =
        FEATURES
            | (semantics.has(Difference.DIRECT_MAP_ANNOUNCED) ? NOT_DIRECT_MAPPED : 0)
            | (semantics.has(Difference.RUNSTATE_BY_ADDRESS) ? RUNSTATE_PHYS_AREA : 0);
    Bytes.setInt(scratch, FEATURES_SUBMAP, features);
    return GuestBuffers.write(vcpu.domain(), vcpu.x(1), scratch, 0, FEATURES_SIZE) ? VER_05 : VER_04;
  }

  private static void answer(Vcpu vcpu, long value) {
    vcpu.decided(0, VER_06);
    vcpu.setX(0, value);
  }

  private static void decide(Vcpu vcpu, VersionRule rule) {
    vcpu.decided(0, rule);
    vcpu.setX(0, rule.result());
  }
}
