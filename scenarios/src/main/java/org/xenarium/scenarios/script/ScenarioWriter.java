package org.xenarium.scenarios.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.xenarium.gnttab.table.GrantOptions;

/** Writes a scenario as YAML, one step a line, leaving out what goes without saying. Read again, it is the same scenario. */
public final class ScenarioWriter {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9 _().?!-]*");

  private final StringBuilder text = new StringBuilder();

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
    SetupWriter.machine(scenario.machine()).forEach(this::line);
    line("domains:");
    GrantOptions host = GrantOptions.of(scenario.machine().semantics());
    scenario.domains().forEach(domain -> line("  " + domain.name() + ": " + SetupWriter.domain(domain, host)));
    if (!scenario.invariants().isEmpty()) {
      line("invariants: " + scenario.invariants());
    }
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
    fields.unless("stops", step.stops(), 0);
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
}
