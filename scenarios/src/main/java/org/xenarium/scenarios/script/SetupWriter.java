package org.xenarium.scenarios.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.xenarium.emulator.semantics.Profile;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.gnttab.driver.DriverVersion;
import org.xenarium.gnttab.table.GrantOptions;

/** Writes what there is before anything is done, the counterpart of {@link SetupReader}. Presets are left out. */
final class SetupWriter {
  private SetupWriter() {}

  /** The lines about the host and its machine. */
  static List<String> machine(MachineSetup machine) {
    List<String> lines = new ArrayList<>();
    Fields xen = new Fields();
    boolean silo = machine.semantics().policy() == SecurityPolicy.SILO;
    xen.put("release", "\"" + machine.semantics().release() + "\"");
    if (machine.semantics().profile() != Profile.ARM) {
      xen.put("profile", machine.semantics().profile().name().toLowerCase(Locale.ROOT));
    }
    xen.put("xsm", silo ? "silo" : "dummy");
    xen.unlessEmpty("gnttab", host(machine.semantics()));
    lines.add("xen: " + xen);
    Fields fields = new Fields();
    fields.unless("pages", machine.pages(), SetupReader.PAGES);
    fields.unless("seed", machine.seed(), 0);
    fields.unless("reach", machine.reach(), SetupReader.REACH);
    Fields costs = new Fields();
    costs.time("hypervisor", machine.hypervisorStep(), SetupReader.HYPERVISOR_STEP);
    costs.time("guest", machine.guestStep(), SetupReader.GUEST_STEP);
    costs.time("interrupt", machine.interrupt(), SetupReader.INTERRUPT);
    fields.unlessEmpty("costs", costs);
    if (!fields.isEmpty()) {
      lines.add("machine: " + fields);
    }
    return lines;
  }

  private static Fields host(Semantics semantics) {
    Fields fields = new Fields();
    GrantOptions options = GrantOptions.of(semantics);
    GrantOptions preset = semantics.profile() == Profile.ARM ? GrantOptions.ARM : GrantOptions.HVM;
    fields.truth("transitive", options.transitive(), preset.transitive());
    fields.unless("frames", options.maxFrames(), preset.maxFrames());
    fields.unless("maptrack", options.maxMaptrackFrames(), preset.maxMaptrackFrames());
    fields.unless("version", options.maxVersion(), preset.maxVersion());
    return fields;
  }

  /** What is said of a domain. */
  static Fields domain(DomainSetup domain, GrantOptions host) {
    Fields fields = new Fields();
    fields.put("id", Integer.toString(domain.id()));
    fields.unless("vcpus", domain.vcpus(), 1);
    fields.unless("ram", domain.ram(), DomainSetup.RAM);
    fields.optional("max_pages", domain.maxPages());
    domain.machineBase().ifPresent(base -> fields.put("machine_base", "0x" + Long.toHexString(base)));
    fields.truth("absent", domain.absent(), false);
    fields.truth("privileged", domain.privileged(), false);
    fields.truth("direct_mapped", domain.directMapped(), !domain.driver().hasRegions());
    special(domain.special(), fields);
    Fields grants = new Fields();
    grants.unless("frames", domain.grants().frames(), host.maxFrames());
    grants.unless("maptrack", domain.grants().maptrack(), host.maxMaptrackFrames());
    grants.unless("version", domain.grants().version(), host.maxVersion());
    fields.unlessEmpty("grants", grants);
    Fields driver = new Fields();
    if (domain.driver().version() != DriverVersion.CONTRACT) {
      driver.put("zephyr", domain.driver().version().name());
    }
    driver.unless("frames", domain.driver().frames(), 1);
    if (domain.driver().placed()) {
      driver.put("regions", SetupReader.PLACED);
    } else if (!domain.driver().regions().equals(DomainSetup.Driver.PRESET.regions())) {
      driver.put("regions", domain.driver().regions().toString());
    }
    driver.unless("heap", domain.driver().heap(), 0);
    fields.unlessEmpty("driver", driver);
    return fields;
  }

  private static void special(DomainSetup.Special special, Fields fields) {
    fields.truth("hardware", special.hardware(), false);
    if (!special.target().isEmpty()) {
      fields.put("target", special.target());
    }
    fields.truth("static_memory", special.staticMemory(), false);
    fields.truth("reads_ones", special.readsOnes(), false);
    fields.optional("pool", special.pool());
    if (!special.devices().isEmpty()) {
      fields.put("devices", special.devices().toString());
    }
  }
}
