package org.xenarium.gnttab.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.abi.GntStatus.OKAY;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;

import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.evtchn.EventChannelOp;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.UnmapLayout;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Struct;

/** An event interrupts a batch of grant operations, and the handler makes grant operations on the same vCPU (spec §2.5, R13). */
class UpcallDuringBatchTest extends OnBench {
  private static final int ALLOC_UNBOUND = 6;
  private static final int BIND_INTERDOMAIN = 0;
  private static final int SEND = 4;

  private static final long SHARED_INFO = Bench.HOLE + 0x100;

  /** Where the handler keeps its argument struct: another of the vCPU's own pages than those of the batch. */
  private static final long HANDLERS_OWN = (Bench.RAM + 3) << 12;

  /** Acknowledges the upcall and unmaps handle 0, which the interrupted batch has just mapped. */
  private static final class UnmapFirst extends Routine {
    private int steps;

    @Override
    public boolean step(Vcpu vcpu) {
      switch (steps++) {
        case 0 -> {
          for (int at : new int[] {0, 8, 48}) {
            vcpu.store((SHARED_INFO << 12) + at, 8, 0);
          }
        }
        case 1 -> {
          vcpu.store(HANDLERS_OWN + UnmapLayout.HOST_ADDR, 8, place(0));
          vcpu.store(HANDLERS_OWN + UnmapLayout.HANDLE, 4, 0);
          vcpu.issue(GnttabOp.HYPERCALL, GnttabOp.UNMAP_GRANT_REF, HANDLERS_OWN, 1);
        }
        default -> {
          return false;
        }
      }
      return true;
    }

    @Override
    public void digest(Digest digest) {
      digest.add(steps);
    }
  }

  /** A and B are connected by their ports 1, and B has a handler. */
  private void connected() {
    long argument = HANDLERS_OWN;
    a.store(argument, 4, B << 16 | DomId.SELF);
    event(A, ALLOC_UNBOUND, argument);
    b.memory().addToPhysmap(MemoryAbi.SPACE_SHARED_INFO, 0, SHARED_INFO);
    b.store(argument, 8, 1L << 32 | A);
    event(B, BIND_INTERDOMAIN, argument);
    for (int at : new int[] {0, 8, 48}) {
      b.store((SHARED_INFO << 12) + at, 8, 0);
    }
    b.vcpu().upcalls().install(vcpu -> new UnmapFirst());
    b.vcpu().upcalls().enable(true);
  }

  private void event(int domid, int command, long argument) {
    Vcpu vcpu = bench.guest(domid).vcpu();
    assertThat(bench.machine().call(vcpu, EventChannelOp.HYPERCALL, command, argument, 0)).isZero();
  }

  @Test
  void the_batch_is_preempted_between_two_elements_and_goes_on_after_the_handler() {
    connected();
    Struct[] maps = {Struct.map(A, 8, RO, place(0)), Struct.map(A, 8, RO, place(1)), Struct.map(A, 8, RO, place(2))};
    bench.forgetDecisions();
    b.issue(maps);
    b.stepTo("PUBLISH");
    a.store(HANDLERS_OWN, 4, 1);
    event(A, SEND, HANDLERS_OWN);
    bench.machine().deliverInterrupt(b.vcpu());
    b.stepTo("COPY_OUT");
    assertThat(bench.readPins(A, 8)).isEqualTo(1);
    b.step();
    b.step();
    assertThat(b.vcpu().call()).as("preempted before the second element").isNull();
    assertThat(b.vcpu().x(1)).isEqualTo(b.arguments() + 32);
    assertThat(b.vcpu().x(2)).isEqualTo(2);
    while (b.vcpu().upcalls().running() != null || bench.readPins(A, 8) == 1) {
      b.step();
    }
    assertThat(bench.readPins(A, 8)).as("the handler has unmapped the first").isZero();
    assertThat(b.vcpu().x(2)).as("the registers are back").isEqualTo(2);
    bench.machine().finishCall(b.vcpu());
    assertThat(b.vcpu().x(0)).isZero();
    assertThat(b.reply(maps).statuses()).containsExactly(OKAY, OKAY, OKAY);
    assertThat(bench.readPins(A, 8)).isEqualTo(2);
    bench.watch().audit();
  }

  @Test
  void with_interrupts_off_nothing_comes_between() {
    connected();
    b.vcpu().upcalls().enable(false);
    a.store(HANDLERS_OWN, 4, 1);
    event(A, SEND, HANDLERS_OWN);
    bench.machine().deliverInterrupt(b.vcpu());
    b.batch(Struct.map(A, 8, RO, place(0)), Struct.map(A, 8, RO, place(1))).says(OKAY, OKAY);
    assertThat(bench.readPins(A, 8)).isEqualTo(2);
  }
}
