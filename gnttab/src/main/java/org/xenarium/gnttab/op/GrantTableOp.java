package org.xenarium.gnttab.op;

import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Host;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.HypercallHandler;
import org.xenarium.emulator.hypercall.NotEmulatedException;
import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.semantics.Profile;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.rule.GrantRule;

/** Hypercall 20, {@code grant_table_op}: the checks before any operation, then the operation (spec §2.1). */
public final class GrantTableOp implements HypercallHandler {
  /** What answers where grant tables were left out of the build (V11). */
  public static HypercallHandler leftOut() {
    return vcpu -> refuse(vcpu, GrantRule.GNT_10);
  }

  @Override
  public @Nullable Routine start(Vcpu vcpu) {
    int command = (int) vcpu.x(0);
    int count = (int) vcpu.x(2);
    int operation = command & GnttabOp.CMD_MASK;
    if (count < 0) {
      return refuse(vcpu, GrantRule.GNT_04);
    }
    if (operation != command && operation != GnttabOp.CACHE_FLUSH) {
      return refuse(vcpu, GrantRule.GNT_05);
    }
    return switch (operation) {
      case GnttabOp.MAP_GRANT_REF -> idle(vcpu, operation, MapGrantRef::new).begin(vcpu);
      case GnttabOp.UNMAP_GRANT_REF, GnttabOp.UNMAP_AND_REPLACE -> idle(vcpu, operation, UnmapGrantRef::new).begin(vcpu);
      case GnttabOp.COPY -> idle(vcpu, operation, CopyGrant::new).begin(vcpu);
      case GnttabOp.SWAP_GRANT_REF -> new SwapGrantRef().begin(vcpu);
      case GnttabOp.CACHE_FLUSH -> hasCacheFlush(vcpu) ? new CacheFlush(command & ~GnttabOp.CMD_MASK).begin(vcpu) : refuse(vcpu, GrantRule.GNT_06);
      case GnttabOp.SET_VERSION -> new SetVersion();
      case GnttabOp.GET_VERSION -> new GetVersion();
      case GnttabOp.SETUP_TABLE -> count == 1 ? new SetupTable() : refuse(vcpu, GrantRule.GNT_09);
      case GnttabOp.QUERY_SIZE -> count == 1 ? new QuerySize() : refuse(vcpu, GrantRule.GNT_09);
      case GnttabOp.GET_STATUS_FRAMES -> count == 1 ? new GetStatusFrames() : refuse(vcpu, GrantRule.GNT_09);
      case GnttabOp.TRANSFER -> transfer(vcpu);
      default -> refuse(vcpu, GrantRule.GNT_06);
    };
  }

  /** On Arm always, on x86 before V26. */
  private static boolean hasCacheFlush(Vcpu vcpu) {
    Semantics semantics = vcpu.world().semantics();
    return semantics.profile() == Profile.ARM || !semantics.has(Difference.CACHE_FLUSH_ON_ARM_ONLY);
  }

  private static @Nullable Routine transfer(Vcpu vcpu) {
    Semantics semantics = vcpu.world().semantics();
    if (semantics.profile() != Profile.ARM) {
      throw new NotEmulatedException("transfer of pages on x86");
    }
    return semantics.has(Difference.TRANSFER_REFUSED) ? refuse(vcpu, GrantRule.GNT_07) : new Transfer().begin(vcpu);
  }

  /** An operation of the hot kinds: a finished one of the same kind where there is one, so that hypercalls in a row allocate nothing. */
  @SuppressWarnings("unchecked")
  private static <T extends BatchOperation> T idle(Vcpu vcpu, int kind, IntFunction<T> maker) {
    Host host = vcpu.world().host();
    Routine finished = host.take(kind);
    return finished == null ? maker.apply(kind) : (T) finished;
  }

  private static @Nullable Routine refuse(Vcpu vcpu, GrantRule rule) {
    vcpu.decided(0, rule);
    vcpu.setX(0, rule.result());
    return null;
  }
}
