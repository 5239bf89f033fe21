package org.xenarium.scenarios.convert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.hypercall.NotEmulatedException;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.emulator.semantics.Profile;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.gnttab.driver.NoSuchCallException;
import org.xenarium.gnttab.table.GrantOptions;
import org.xenarium.scenarios.play.Outcome;
import org.xenarium.scenarios.play.Player;
import org.xenarium.scenarios.play.UnplayableScenarioException;
import org.xenarium.scenarios.recording.ArmHeader;
import org.xenarium.scenarios.recording.ArmWriter;
import org.xenarium.scenarios.recording.RecordingException;
import org.xenarium.scenarios.replay.Difference;
import org.xenarium.scenarios.replay.Listener;
import org.xenarium.scenarios.replay.Replay;
import org.xenarium.scenarios.replay.ReplayResult;
import org.xenarium.scenarios.replay.UnplayableException;
import org.xenarium.scenarios.script.Area;
import org.xenarium.scenarios.script.DomainSetup;
import org.xenarium.scenarios.script.Kind;
import org.xenarium.scenarios.script.MachineSetup;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Scenario;
import org.xenarium.scenarios.script.Step;

/**
 * Writes down what happens in a scenario as a recording of the arm64 format, which is replayed before it is put in its place. What such a
 * recording cannot say, such as the end of a domain, is refused.
 */
public final class ScenarioToRecording {
  private static final long MACHINE_PAGES = 0x40000;
  private static final long REACH = 1L << 36;

  private final String file;
  private final Scenario scenario;

  private ScenarioToRecording(String file, Scenario scenario) {
    this.file = file;
    this.scenario = scenario;
  }

  /**
   * Plays the scenario and writes the recording to {@code to}, or nothing.
   *
   * @param file the scenario's, for messages
   * @param faithful whether nothing is written of a scenario whose expectations are not met
   * @return how the scenario went
   */
  public static Outcome record(String file, Scenario scenario, Path to, boolean faithful) throws ConversionException, IOException {
    return new ScenarioToRecording(file, scenario).record(to, faithful);
  }

  private Outcome record(Path to, boolean faithful) throws ConversionException, IOException {
    checkSteps();
    try {
      ArmWriter out = new ArmWriter(header(Player.machine(scenario)));
      Outcome outcome = Player.record(scenario, out);
      if (out.lines() == 0) {
        throw new ConversionException(file, 0, "nothing happens that a recording could say");
      }
      if (outcome.passed() || !faithful) {
        write(out.toString(), to);
      }
      return outcome;
    } catch (UnplayableScenarioException | NotEmulatedException | NoSuchCallException e) {
      throw new ConversionException(file, 0, String.valueOf(e.getMessage()));
    }
  }

  private void write(String text, Path to) throws ConversionException, IOException {
    Path folder = to.toAbsolutePath().getParent();
    Path temporary = Files.createTempFile(folder, ".recording", ".jsonl");
    try {
      Files.writeString(temporary, text);
      ReplayResult replay = Replay.play(temporary, Listener.NONE);
      @Nullable Difference difference = replay.difference().orElse(null);
      if (difference != null) {
        throw new ConversionException(file, 0, "its operations overlap in a way that a recording cannot say: replayed, " + difference.operation()
            + " gives another " + difference.field());
      }
      Files.move(temporary, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (RecordingException | UnplayableException e) {
      throw new ConversionException(file, 0, "cannot be recorded: " + e.getMessage());
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private void checkSteps() throws ConversionException {
    for (Step step : scenario.steps()) {
      if (step.operation().kind() == Kind.TOOLSTACK) {
        throw new ConversionException(file, step.place().line(), "a recording cannot say that a domain is subject to \"" + step.operation().spelling() + "\"");
      }
    }
    DomainSetup first = scenario.domains().get(0);
    for (DomainSetup domain : scenario.domains()) {
      boolean alike = domain.pages() == first.pages() && domain.grants().equals(first.grants());
      boolean plain = domain.vcpus() == 1 && !domain.privileged() && !domain.directMapped() && domain.special().equals(DomainSetup.Special.NOTHING)
          && !domain.absent() && domain.maxPages().orElse(domain.pages()) == domain.pages();
      if (!alike || !plain) {
        throw new ConversionException(file, domain.place().line(), "the domains of a recording are alike, unprivileged, with one vCPU and as much"
            + " RAM as they may have; domain " + domain.name() + " is not");
      }
    }
    MachineSetup machine = scenario.machine();
    boolean arm = machine.semantics().profile() == Profile.ARM;
    GrantOptions host = GrantOptions.of(machine.semantics());
    if (!host.transitive()) {
      throw new ConversionException(file, 0, "a recording cannot say that its host is booted without transitive grants");
    }
    if (machine.pages() != MACHINE_PAGES || machine.reach() != REACH || !arm) {
      throw new ConversionException(file, 0, "the machine of a recording is an Arm one and has " + MACHINE_PAGES + " pages and a reach of " + REACH);
    }
  }

  private ArmHeader header(Machine machine) {
    DomainSetup first = scenario.domains().get(0);
    List<Integer> ids = new ArrayList<>();
    SortedMap<Integer, Long> bases = new TreeMap<>();
    for (DomainSetup domain : scenario.domains()) {
      ids.add(domain.id());
      bases.put(domain.id(), Physmap.mfn(machine.domain(domain.id()).physmap().entry(Area.RAM_START)) << MachineMemory.PAGE_SHIFT);
    }
    String release = scenario.machine().semantics().release().toString();
    boolean silo = scenario.machine().semantics().policy() == SecurityPolicy.SILO;
    return new ArmHeader(
        scenario.title(), "Xenarium, which emulates Xen " + release, release, release, silo ? ArmHeader.Xsm.SILO : ArmHeader.Xsm.DUMMY, ids,
        Area.RAM_START << MachineMemory.PAGE_SHIFT, first.pages() * 4, 1, first.grants().frames(), first.grants().maptrack(),
        first.grants().version(), bases);
  }
}
