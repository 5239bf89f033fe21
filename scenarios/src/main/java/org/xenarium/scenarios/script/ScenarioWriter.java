package org.xenarium.scenarios.script;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.xenarium.emulator.semantics.Profile;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.gnttab.driver.DriverVersion;
import org.xenarium.gnttab.table.GrantOptions;

/** Writes a scenario as YAML, one step a line, leaving out what goes without saying. Read again, it is the same scenario. */
public final class ScenarioWriter {
  /** Where editors find the schema, seen from a scenario two folders below. */
  private static final String HEAD = "# yaml-language-server: $schema=../scenario.schema.json\n";

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9 _().?!-]*");

  private final StringBuilder text = new StringBuilder(HEAD);

  private ScenarioWriter() {}

  /** The text of a scenario. */
  public static String write(Scenario scenario) {
    ScenarioWriter writer = new ScenarioWriter();
    writer.scenario(scenario);
    return writer.text.toString();
  }

  private void scenario(Scenario scenario) {
    line("scenario: " + quoted(scenario.title()));
    if (!scenario.asks().isEmpty()) {
      line("asks: " + quoted(scenario.asks()));
    }
    if (!scenario.source().isEmpty()) {
      line("source: " + quoted(scenario.source()));
    }
    machine(scenario.machine());
    line("domains:");
    GrantOptions host = GrantOptions.of(scenario.machine().semantics());
    scenario.domains().forEach(domain -> line("  " + domain.name() + ": " + domain(domain, host)));
    if (scenario.sequence()) {
      line("steps:");
      scenario.steps().forEach(step -> line("  - " + step(step, true)));
    } else {
      line("programs:");
      for (Scenario.Program program : scenario.programs()) {
        line("  " + program.actor().map(Actor::toString).orElse(ScenarioReader.TOOLSTACK) + ":");
        program.steps().forEach(step -> line("    - " + step(scenario.steps().get(step), false)));
      }
    }
    for (Condition condition : scenario.conditions()) {
      line(condition.quantifier().spelling() + ":");
      condition.all().forEach(comparison -> line("  - " + comparison));
    }
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private void machine(MachineSetup machine) {
    Fields xen = new Fields();
    boolean silo = machine.semantics().policy() == SecurityPolicy.SILO;
    xen.put("release", "\"" + machine.semantics().release() + "\"");
    if (machine.semantics().profile() != Profile.ARM) {
      xen.put("profile", machine.semantics().profile().name().toLowerCase(Locale.ROOT));
    }
    xen.put("xsm", silo ? "silo" : "dummy");
    xen.unlessEmpty("gnttab", host(machine.semantics()));
    line("xen: " + xen);
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
      line("machine: " + fields);
    }
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

  private static Fields domain(DomainSetup domain, GrantOptions host) {
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

  /** A step as YAML in one line. */
  static String step(Step step, boolean by) {
    Fields fields = new Fields();
    if (by) {
      step.by().ifPresent(actor -> fields.put("by", actor.toString()));
    }
    fields.put(step.operation().spelling(), elements(step));
    step.count().ifPresent(value -> fields.put("count", value.toString()));
    step.ptr().ifPresent(value -> fields.put("ptr", value.toString()));
    step.at().ifPresent(nanos -> fields.put("at", Numbers.time(nanos)));
    step.after().ifPresent(nanos -> fields.put("after", Numbers.time(nanos)));
    fields.unless("repeat", step.repeat(), 1);
    if (!step.name().isEmpty()) {
      fields.put("as", step.name());
    }
    fields.unlessEmpty("expect", expectations(step));
    if (!step.note().isEmpty()) {
      fields.put("note", quoted(step.note()));
    }
    return fields.toString();
  }

  private static String elements(Step step) {
    StringJoiner elements = new StringJoiner(", ", step.batch() ? "[" : "", step.batch() ? "]" : "");
    step.elements().forEach(element -> elements.add(element(step.operation(), element)));
    return elements.toString();
  }

  private static String element(Operation operation, List<Value> element) {
    if (element.size() == 1 && operation.in().get(0).required()) {
      return value(operation.in().get(0).type(), element.get(0));
    }
    Fields fields = new Fields();
    for (int i = 0; i < element.size(); i++) {
      Field field = operation.in().get(i);
      boolean preset = element.get(i) instanceof Value.Number number && field.preset().isPresent() && number.value() == field.preset().getAsLong();
      if (!preset) {
        fields.put(field.name(), value(field.type(), element.get(i)));
      }
    }
    return fields.toString();
  }

  private static String value(FieldType type, Value value) {
    if (type == FieldType.FLAG && value instanceof Value.Number number) {
      return number.value() == 0 ? "false" : "true";
    }
    if (type == FieldType.TEXT) {
      return quoted(value.toString());
    }
    if (type.isFlags() && value instanceof Value.Sum sum) {
      StringJoiner flags = new StringJoiner(", ", "[", "]");
      sum.parts().forEach(flag -> flags.add(flag.toString()));
      return flags.toString();
    }
    return value.toString();
  }

  private static Fields expectations(Step step) {
    Fields fields = new Fields();
    Map<String, Map<Integer, String>> perElement = new TreeMap<>();
    for (Expectation expectation : step.expectations()) {
      switch (expectation) {
        case Expectation.Equals equals -> {
          perElement.computeIfAbsent(equals.field(), any -> new TreeMap<>()).put(equals.element(), value(equals.type(), equals.value()));
          fields.put(equals.field(), all(step, equals.field(), perElement));
        }
        case Expectation.DecidedBy decided -> {
          perElement.computeIfAbsent("rule", any -> new TreeMap<>()).put(Math.max(0, decided.element()), decided.rule());
          fields.put("rule", decided.element() < 0 ? decided.rule() : all(step, "rule", perElement));
        }
        case Expectation.Takes takes -> fields.put("takes", takes.text());
        case Expectation.Faults faults -> fields.put("faults", faults.address().map(Value::toString).orElse("true"));
        case Expectation.Ends ends -> fields.put(ends.how().spelling(), Boolean.toString(ends.really()));
      }
    }
    return fields;
  }

  private static String all(Step step, String field, Map<String, Map<Integer, String>> perElement) {
    List<String> values = new ArrayList<>(perElement.getOrDefault(field, Map.of()).values());
    return step.batch() && !field.equals("returns") ? "[" + String.join(", ", values) + "]" : values.get(0);
  }

  private static String quoted(String text) {
    return PLAIN.matcher(text).matches() && !text.matches("true|false|null|y|n|yes|no") && !text.endsWith(" ")
        ? text
        : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /** The fields of a YAML mapping in one line. */
  private static final class Fields {
    private final Map<String, String> values = new LinkedHashMap<>();

    void put(String name, String value) {
      values.put(name, value);
    }

    void unless(String name, long value, long preset) {
      if (value != preset) {
        put(name, Long.toString(value));
      }
    }

    void truth(String name, boolean value, boolean preset) {
      if (value != preset) {
        put(name, Boolean.toString(value));
      }
    }

    void time(String name, long value, long preset) {
      if (value != preset) {
        put(name, Numbers.time(value));
      }
    }

    void optional(String name, OptionalLong value) {
      value.ifPresent(number -> put(name, Long.toString(number)));
    }

    void unlessEmpty(String name, Fields fields) {
      if (!fields.isEmpty()) {
        put(name, fields.toString());
      }
    }

    boolean isEmpty() {
      return values.isEmpty();
    }

    @Override
    public String toString() {
      StringJoiner text = new StringJoiner(", ", "{", "}");
      values.forEach((name, value) -> text.add(name + ": " + value));
      return text.toString();
    }
  }
}
