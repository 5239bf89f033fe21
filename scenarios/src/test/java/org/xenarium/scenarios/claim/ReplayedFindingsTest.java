package org.xenarium.scenarios.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.StepWatcher;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.emulator.trace.Errno;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.driver.DriverVersion;
import org.xenarium.gnttab.table.GrantCall;
import org.xenarium.scenarios.campaign.Campaign;
import org.xenarium.scenarios.campaign.Case;
import org.xenarium.scenarios.campaign.CaseScenario;
import org.xenarium.scenarios.campaign.Finding;
import org.xenarium.scenarios.campaign.Property;
import org.xenarium.scenarios.campaign.Trial;
import org.xenarium.scenarios.campaign.Violated;
import org.xenarium.scenarios.play.Failure;
import org.xenarium.scenarios.play.Player;
import org.xenarium.scenarios.script.Area;
import org.xenarium.scenarios.script.CallProperty;
import org.xenarium.scenarios.script.Scenario;
import org.xenarium.scenarios.script.ScenarioReader;
import org.xenarium.scenarios.script.ScenarioWriter;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.Scribe;

/** What a campaign finds about calls is found again, in the same words, where the file that it has written is played. */
class ReplayedFindingsTest {
  private static final int RUNS = 256;

  /** A machine on which nothing is wrong. */
  private static final class Nothing implements StepWatcher {}

  private static void isFoundAgain(DriverVersion driver, String property, Supplier<StepWatcher> mischief) throws Exception {
    List<Property> observers = new ArrayList<>(List.of(Breaking.inSteps(mischief)));
    observers.addAll(Properties.named(List.of(property)));
    Campaign campaign = Campaigns.of(driver, RUNS, observers);
    Violated violated = Campaigns.first(driver, RUNS, observers);
    Case smallest = campaign.smallest(violated);
    Scribe scribe = new Scribe(smallest.setting(), Run.of(smallest.setting()).stage().actors());
    Finding finding = Trial.play(smallest.setting(), smallest.moves(), observers, scribe).orElseThrow();
    String text = ScenarioWriter.write(CaseScenario.of(smallest.setting(), finding, scribe));
    Scenario scenario = ScenarioReader.read("counterexample.yaml", text);
    Failure failure = Player.play(scenario, machine -> machine.world().watchSteps(mischief.get())).failure().orElseThrow();
    assertThat(failure.field()).as(text).isEqualTo(property);
    assertThat(failure.actual()).isEqualTo(finding.message());
    assertThat(failure.step()).as("it ends where the violation comes").isEqualTo(scenario.steps().size() - 1);
    Optional<Failure> unwatched = Player.play(scenario.watching(List.of()), machine -> machine.world().watchSteps(mischief.get())).failure();
    boolean panics = property.equals(CallProperty.DRIVER_SURVIVES.id());
    assertThat(unwatched.map(Failure::actual)).as(text).isEqualTo(panics ? Optional.of("the guest panics") : Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({"V3, driver-faults", "V6, driver-faults", "V0, driver-survives", "V7, driver-survives"})
  void of_drivers(DriverVersion driver, String property) throws Exception {
    isFoundAgain(driver, property, Nothing::new);
  }

  @Test
  void of_hypercalls_that_fault() throws Exception {
    isFoundAgain(DriverVersion.CONTRACT, "hypercall-faults", FaultsAlways::new);
  }

  /** A copy returns -EFAULT where it would have returned 0. */
  private static final class FaultsAlways implements StepWatcher {
    private boolean copies;

    @Override
    public void before(Vcpu vcpu) {
      Routine call = vcpu.call();
      copies = call != null && call.innermost() instanceof GrantCall grant && grant.operation() == GnttabOp.COPY;
    }

    @Override
    public void after(Vcpu vcpu) {
      if (copies && vcpu.call() == null && !vcpu.atHypercall() && vcpu.x(0) == 0) {
        vcpu.setX(0, -Errno.EFAULT);
      }
    }
  }

  @Test
  void of_bytes_that_differ() throws Exception {
    isFoundAgain(DriverVersion.CONTRACT, "same-frame-same-bytes", MapsAnother::new);
  }

  /** A map shows a page of the mapper's own. */
  private static final class MapsAnother implements StepWatcher {
    @Override
    public void after(Vcpu vcpu) {
      Routine call = vcpu.call();
      Physmap physmap = vcpu.domain().physmap();
      long own = physmap.entry(Area.RAM.first() + 7);
      if (call != null && call.innermost() instanceof GrantCall map && map.operation() == GnttabOp.MAP_GRANT_REF && own != Physmap.HOLE) {
        long gfn = map.hostAddress() >>> MachineMemory.PAGE_SHIFT;
        long entry = physmap.entry(gfn);
        if (entry != Physmap.HOLE && Physmap.type(entry) == EntryType.GRANT_MAP_RW) {
          physmap.set(gfn, Physmap.mfn(own), EntryType.GRANT_MAP_RW);
        }
      }
    }
  }
}
