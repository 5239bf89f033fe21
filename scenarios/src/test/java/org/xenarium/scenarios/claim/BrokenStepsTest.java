package org.xenarium.scenarios.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.StepWatcher;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.guest.Semaphore;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.GrantFlags;
import org.xenarium.gnttab.abi.MapLayout;
import org.xenarium.gnttab.driver.DriverVersion;
import org.xenarium.gnttab.driver.EndAccess;
import org.xenarium.gnttab.driver.GrantDriver;
import org.xenarium.gnttab.rule.GrantRule;
import org.xenarium.gnttab.table.ActiveEntries;
import org.xenarium.gnttab.table.GrantCall;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.SharedEntries;
import org.xenarium.scenarios.campaign.Property;

/** Hypervisors and drivers that do something wrong in one of their steps: of all properties, the one that is about it reports, before any other. */
class BrokenStepsTest {
  private static final int RUNS = 512;

  /** What is found first, all properties being looked at. */
  private static String found(Supplier<StepWatcher> mischief) throws InterruptedException {
    List<Property> observers = new ArrayList<>(List.of(Breaking.inSteps(mischief)));
    observers.addAll(Properties.together(Properties.all()));
    return Campaigns.first(DriverVersion.CONTRACT, RUNS, observers).finding().property();
  }

  /** The hypercall of grant tables that the vCPU is in; null if it is in none. */
  private static @Nullable GrantCall callOf(Vcpu vcpu, int operation) {
    Routine call = vcpu.call();
    return call != null && call.innermost() instanceof GrantCall grant && grant.operation() == operation ? grant : null;
  }

  @Test
  void a_pin_on_an_entry_that_was_withdrawn_is_told_of_revocation() throws Exception {
    assertThat(found(PinsWhatIsWithdrawn::new)).isEqualTo("revocation");
  }

  private static final class PinsWhatIsWithdrawn implements StepWatcher {
    @Override
    public void after(Vcpu vcpu) {
      for (Domain granter : callOf(vcpu, GnttabOp.COPY) == null ? List.<Domain>of() : vcpu.world().domains()) {
        GrantTable table = GrantTable.of(granter);
        int ref = 8;
        boolean withdrawn = table.contains(ref) && (SharedEntries.header(granter, table, ref) & GrantFlags.TYPE_MASK) == 0;
        long entry = withdrawn ? granter.physmap().entry(SharedEntries.frame(granter, table, ref)) : Physmap.HOLE;
        if (entry != Physmap.HOLE && Physmap.type(entry) == EntryType.RAM_RW && table.active().pin(ref) == 0) {
          table.active().pinFirst(ref, true, vcpu.domain().id(), Physmap.mfn(entry));
        }
      }
    }
  }

  @Test
  void a_read_only_mapping_that_can_be_written_is_told_of_read_only_is_never_writable() throws Exception {
    assertThat(found(MapsForWriting::new)).isEqualTo("read-only-is-never-writable");
  }

  private static final class MapsForWriting implements StepWatcher {
    @Override
    public void after(Vcpu vcpu) {
      GrantCall map = callOf(vcpu, GnttabOp.MAP_GRANT_REF);
      long gfn = map == null ? 0 : map.hostAddress() >>> MachineMemory.PAGE_SHIFT;
      Physmap physmap = vcpu.domain().physmap();
      if (map != null && physmap.entry(gfn) != Physmap.HOLE && Physmap.type(physmap.entry(gfn)) == EntryType.GRANT_MAP_RO) {
        physmap.set(gfn, Physmap.mfn(physmap.entry(gfn)), EntryType.GRANT_MAP_RW);
      }
    }
  }

  @Test
  void an_answer_in_the_next_element_is_told_of_batch_semantics() throws Exception {
    assertThat(found(AnswersTheNext::new)).isEqualTo("batch-semantics");
  }

  private static final class AnswersTheNext implements StepWatcher {
    @Override
    public void decided(Vcpu vcpu, long element, Rule rule) {
      GrantCall map = callOf(vcpu, GnttabOp.MAP_GRANT_REF);
      if (map != null && map.elementsLeft() > 1) {
        GuestBuffers.write(vcpu.domain(), map.elementAddress() + MapLayout.SIZE + MapLayout.STATUS, new byte[] {0, 0}, 0, 2);
      }
    }
  }

  @Test
  void a_death_that_shows_in_the_pages_of_others_is_told_of_a_dying_domain_harms_nobody() throws Exception {
    assertThat(found(ScrubsWhatIsMapped::new)).isEqualTo("a-dying-domain-harms-nobody");
  }

  private static final class ScrubsWhatIsMapped implements StepWatcher {
    @Override
    public void afterDeath(Domain domain) {
      ActiveEntries active = GrantTable.of(domain).active();
      for (long ref = active.nextPinned(0); ref >= 0; ref = active.nextPinned(ref + 1)) {
        MachineMemory memory = domain.world().memory();
        memory.content().setLong(memory.address(active.mfn((int) ref)), -1);
      }
    }
  }

  @Test
  void a_hypercall_that_comes_to_no_end_is_told_of_progress() throws Exception {
    assertThat(found(NeverGoesOn::new)).isEqualTo("progress");
  }

  private static final class NeverGoesOn implements StepWatcher {
    @Override
    public void after(Vcpu vcpu) {
      GrantCall unmap = callOf(vcpu, GnttabOp.UNMAP_GRANT_REF);
      if (unmap != null && vcpu.call() instanceof GrantCall) {
        vcpu.setCall(new Endless(unmap));
      }
    }
  }

  /** A call that takes step after step and does nothing any more. */
  private static final class Endless extends Routine implements GrantCall {
    private final GrantCall call;

    Endless(GrantCall call) {
      this.call = call;
    }

    @Override
    public boolean step(Vcpu vcpu) {
      return true;
    }

    @Override
    public void digest(Digest digest) {
      digest.add(call.operation());
    }

    @Override
    public int operation() {
      return call.operation();
    }

    @Override
    public int handleInHand() {
      return call.handleInHand();
    }

    @Override
    public void forEachPin(Vcpu vcpu, PinVisitor visitor) {
      call.forEachPin(vcpu, visitor);
    }
  }

  @Test
  void a_wake_up_that_is_lost_is_told_of_progress() throws Exception {
    assertThat(found(LosesWakeUp::new)).isEqualTo("progress");
  }

  /** Whoever waits for a reference goes on waiting when one is given back. */
  private static final class LosesWakeUp implements StepWatcher {
    private final List<Long> waiting = new ArrayList<>();

    @Override
    public void beforeCall(Vcpu vcpu, Routine call) {
      waiting.clear();
      Semaphore semaphore = GrantDriver.of(vcpu.domain()).semaphore();
      for (int i = 0; i < vcpu.domain().vcpuCount(); i++) {
        long ticket = Semaphore.ticket(vcpu.domain().vcpu(i));
        if (semaphore.isQueued(ticket)) {
          waiting.add(ticket);
        }
      }
    }

    @Override
    public void afterCall(Vcpu vcpu, Routine call, boolean isOver) {
      Semaphore semaphore = GrantDriver.of(vcpu.domain()).semaphore();
      for (long ticket : waiting) {
        if (call instanceof EndAccess && !semaphore.isQueued(ticket)) {
          semaphore.take(ticket);
        }
      }
    }
  }

  @Test
  void a_frame_that_is_kept_for_no_reason_is_told_of_the_reference_model_where_nobody_else_looks() throws Exception {
    List<Property> observers = List.of(Breaking.inSteps(KeepsFrame::new), new AgreementWithModel());
    assertThat(Campaigns.first(DriverVersion.CONTRACT, RUNS, observers).finding().property()).isEqualTo("reference-model");
  }

  private static final class KeepsFrame implements StepWatcher {
    @Override
    public void decided(Vcpu vcpu, long element, Rule rule) {
      if (rule == GrantRule.MAP_14) {
        MachineMemory memory = vcpu.world().memory();
        memory.get(memory.nextOwned(vcpu.domain().incarnation(), memory.firstMfn()), vcpu.domain().incarnation());
      }
    }
  }

  @Test
  void marks_that_are_cleared_too_early_are_told_of_the_invariants_as_a_whole() throws Exception {
    assertThat(found(ClearsMarks::new)).isEqualTo("hypervisor-invariants");
  }

  private static final class ClearsMarks implements StepWatcher {
    @Override
    public void after(Vcpu vcpu) {
      for (Domain granter : callOf(vcpu, GnttabOp.MAP_GRANT_REF) == null ? List.<Domain>of() : vcpu.world().domains()) {
        GrantTable table = GrantTable.of(granter);
        int ref = (int) table.active().nextPinned(0);
        if (ref >= 0) {
          SharedEntries.clearStatus(granter, table, ref, GrantFlags.READING | GrantFlags.WRITING);
        }
      }
    }
  }
}
