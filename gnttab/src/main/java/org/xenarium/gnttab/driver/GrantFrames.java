package org.xenarium.gnttab.driver;

import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.SetupTableLayout;

/** The hypercalls by which a driver gets its grant frames. */
final class GrantFrames {
  /** Behind the argument struct, room for the frame numbers that setup_table writes. */
  private static final int LIST = 32;

  private static final int LIST_ROOM = (DriverConfig.STACK_PER_THREAD - LIST) / Long.BYTES;

  private GrantFrames() {}

  /** Issues add_to_physmap of one grant frame. */
  static void map(Vcpu vcpu, long table, int frame) {
    long stack = DriverCall.stack(vcpu);
    DriverCall.store(vcpu, stack + MemoryAbi.ADD_DOMID, 2, DomId.SELF);
    DriverCall.store(vcpu, stack + MemoryAbi.ADD_SPACE, 4, MemoryAbi.SPACE_GRANT_TABLE);
    DriverCall.store(vcpu, stack + MemoryAbi.ADD_IDX, 8, frame);
    DriverCall.store(vcpu, stack + MemoryAbi.ADD_GPFN, 8, (table >>> MachineMemory.PAGE_SHIFT) + frame);
    vcpu.issue(MemoryAbi.HYPERCALL, MemoryAbi.ADD_TO_PHYSMAP, stack, 0);
  }

  /** Issues setup_table for so many frames, of which the stack has room for {@value #LIST_ROOM}. */
  static void setUp(Vcpu vcpu, long stack, int frames) {
    DriverCall.store(vcpu, stack + SetupTableLayout.DOM, 2, DomId.SELF);
    DriverCall.store(vcpu, stack + SetupTableLayout.NR_FRAMES, 4, Math.min(frames, LIST_ROOM));
    DriverCall.store(vcpu, stack + SetupTableLayout.FRAME_LIST, 8, stack + LIST);
    vcpu.issue(GnttabOp.HYPERCALL, GnttabOp.SETUP_TABLE, stack, 1);
  }
}
