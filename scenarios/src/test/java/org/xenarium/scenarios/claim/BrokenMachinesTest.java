package org.xenarium.scenarios.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.gnttab.driver.DriverVersion;
import org.xenarium.gnttab.table.ActiveEntries;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.Pins;
import org.xenarium.scenarios.campaign.Property;
import org.xenarium.scenarios.campaign.Violated;
import org.xenarium.scenarios.script.Area;
import org.xenarium.scenarios.script.CallProperty;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Progress;
import org.xenarium.scenarios.vocabulary.Call;
import org.xenarium.scenarios.vocabulary.Knowledge;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.RunWatcher;

/** Machines that are broken on purpose: exactly the property that is about it reports. */
class BrokenMachinesTest {
  private static final int RUNS = 64;

  private static List<String> found(List<Property> observers) throws InterruptedException {
    List<Violated> violations = Campaigns.play(DriverVersion.CONTRACT, RUNS, observers, List.of()).violations();
    return violations.stream().map(violated -> violated.finding().property()).distinct().toList();
  }

  @Test
  void a_pin_that_vanishes_is_told_of_conservation_before_anything_else() throws Exception {
    List<Property> observers = new ArrayList<>(List.of(new Breaking(LosesPin::new)));
    observers.addAll(Properties.named(Properties.all().stream().map(Property::name).toList()));
    assertThat(found(observers).get(0)).isEqualTo("conservation");
  }

  private record LosesPin(Run run) implements RunWatcher {
    @Override
    public void ended(int actor, Call call, Progress progress) {
      if (call.operation() == Operation.MAP) {
        for (Domain domain : run.stage().machine().world().domains()) {
          ActiveEntries active = GrantTable.of(domain).active();
          int ref = (int) active.nextPinned(0);
          if (ref >= 0) {
            GrantTable.of(domain).unpin(ref, Pins.hostReads(active.pin(ref)) > 0);
          }
        }
      }
    }
  }

  @Test
  void a_mapping_that_shows_another_frame_is_told_of_same_bytes() throws Exception {
    assertThat(found(List.of(new Breaking(ShowsOtherFrame::new), new PropertyOfCalls(CallProperty.SAME_BYTES)))).containsExactly("same-frame-same-bytes");
  }

  private record ShowsOtherFrame(Run run) implements RunWatcher {
    @Override
    public void played() {
      for (Domain mapper : run.stage().machine().world().domains()) {
        for (Knowledge.Mapping mapping : run.knowledge().of(mapper.id()).mappings()) {
          long last = mapper.physmap().entry(Area.RAM.first() + 7);
          long gfn = mapping.address() >>> MachineMemory.PAGE_SHIFT;
          if (last != Physmap.HOLE && Physmap.type(mapper.physmap().entry(gfn)) == EntryType.GRANT_MAP_RW) {
            mapper.physmap().set(gfn, Physmap.mfn(last), EntryType.GRANT_MAP_RW);
          }
        }
      }
    }
  }

  @Test
  void a_hypercall_that_faults_on_good_arguments_is_told_of_hypercall_faults() throws Exception {
    assertThat(found(swapped(true))).containsExactly("hypercall-faults");
  }

  @Test
  void a_hypercall_that_reads_what_it_cannot_is_told_of_hypercall_faults() throws Exception {
    assertThat(found(swapped(false))).containsExactly("hypercall-faults");
  }

  /** While a call is under way its arguments' page is another than before and afterwards: a hole where there was one, or the other way round. */
  private static List<Property> swapped(boolean hides) {
    Map<Call, Long> before = new HashMap<>();
    Property changes = new Breaking(run -> new RunWatcher() {
      @Override
      public void begins(int actor, Call call, int pace) {
        Physmap physmap = run.stage().machine().domain(run.stage().domid(actor)).physmap();
        long gfn = call.pointer().orElse(0) >>> MachineMemory.PAGE_SHIFT;
        boolean hole = physmap.entry(gfn) == Physmap.HOLE;
        if (call.pointer().isPresent() && hole != hides && gfn < Area.RAM.first() + 16) {
          before.put(call, physmap.entry(gfn));
          change(physmap, gfn, hides ? Physmap.HOLE : physmap.entry(Area.RAM.first() + 7));
        }
      }
    });
    Property restores = new Breaking(run -> new RunWatcher() {
      @Override
      public void ended(int actor, Call call, Progress progress) {
        Long entry = before.remove(call);
        if (entry != null) {
          change(run.stage().machine().domain(run.stage().domid(actor)).physmap(), call.pointer().orElse(0) >>> MachineMemory.PAGE_SHIFT, entry);
        }
      }
    });
    return List.of(restores, new PropertyOfCalls(CallProperty.HYPERCALL_FAULTS), changes);
  }

  private static void change(Physmap physmap, long gfn, long entry) {
    if (entry == Physmap.HOLE) {
      physmap.remove(gfn, Physmap.mfn(physmap.entry(gfn)));
    } else {
      physmap.set(gfn, Physmap.mfn(entry), Physmap.type(entry));
    }
  }
}
