package org.xenarium.emulator.versionop;

import static org.xenarium.emulator.versionop.VersionRule.HVM_01;
import static org.xenarium.emulator.versionop.VersionRule.HVM_02;
import static org.xenarium.emulator.versionop.VersionRule.HVM_03;
import static org.xenarium.emulator.versionop.VersionRule.HVM_04;
import static org.xenarium.emulator.versionop.VersionRule.HVM_05;
import static org.xenarium.emulator.versionop.VersionRule.HVM_06;
import static org.xenarium.emulator.versionop.VersionRule.HVM_07;
import static org.xenarium.emulator.versionop.VersionRule.HVM_08;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.hypercall.HypercallHandler;
import org.xenarium.emulator.hypercall.NotEmulatedException;

/**
 * Hypercall 34, {@code hvm_op}: reading parameters ({@code xen/include/public/hvm/params.h}). A domain without a toolstack has none set, so
 * every readable one is 0; which are readable was measured on 4.17.7.
 */
public final class HvmOp implements HypercallHandler {
  /** Hypercall number. */
  public static final int HYPERCALL = 34;

  public static final int GET_PARAM = 1;
  private static final int SET_PARAM = 0;
  private static final int GUEST_REQUEST_VM_EVENT = 24;

  /** {@code struct xen_hvm_param}: domid u16@0, index u32@4, value u64@8. */
  private static final int PARAM_SIZE = 16;

  private static final int PARAM_INDEX = 4;
  private static final int PARAM_VALUE = 8;

  private static final int CALLBACK_IRQ = 0;
  private static final int STORE_PFN = 1;
  private static final int STORE_EVTCHN = 2;
  private static final int CONSOLE_PFN = 17;
  private static final int CONSOLE_EVTCHN = 18;
  private static final int MONITOR_RING_PFN = 28;

  @Override
  public @Nullable Routine start(Vcpu vcpu) {
    int command = (int) vcpu.x(0);
    if (command == GUEST_REQUEST_VM_EVENT) {
      throw new NotEmulatedException("hvm_op guest_request_vm_event");
    }
    VersionRule rule = command == GET_PARAM || command == SET_PARAM ? parameter(vcpu, command) : HVM_01;
    vcpu.decided(0, rule);
    vcpu.setX(0, rule.result());
    return null;
  }

  private static VersionRule parameter(Vcpu vcpu, int command) {
    Domain caller = vcpu.domain();
    byte[] scratch = vcpu.world().host().scratch;
    if (!GuestBuffers.read(caller, vcpu.x(1), scratch, 0, PARAM_SIZE)) {
      return HVM_02;
    }
    Domain target = vcpu.world().domainOrSelf(Bytes.getShort(scratch, 0), caller);
    if (target == null) {
      return HVM_03;
    }
    if (!caller.mayActOn(target)) {
      return HVM_04;
    }
    if (command == SET_PARAM) {
      throw new NotEmulatedException("hvm_op set_param");
    }
    return switch (Bytes.getInt(scratch, PARAM_INDEX)) {
      case CALLBACK_IRQ, STORE_PFN, STORE_EVTCHN, CONSOLE_PFN, CONSOLE_EVTCHN -> {
        Bytes.setLong(scratch, PARAM_VALUE, 0);
        yield GuestBuffers.write(caller, vcpu.x(1), scratch, 0, PARAM_SIZE) ? HVM_08 : HVM_07;
      }
      case MONITOR_RING_PFN -> target == caller ? HVM_05 : HVM_06;
      default -> HVM_06;
    };
  }
}
