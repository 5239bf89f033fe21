package org.xenarium.scenarios.script;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.domain.DomainConfig;

/**
 * The JSON Schema (2020-12) of scenarios, made from the table of operations. It knows the shape of a scenario, not what its names mean: all
 * that the reader takes it takes, too.
 */
public final class ScenarioSchema {
  private static final String BOOLEAN = "{\"type\": \"boolean\"}";

  private final StringBuilder text = new StringBuilder();

  private ScenarioSchema() {}

  /** The text of the schema. */
  public static String write() {
    return new ScenarioSchema().schema();
  }

  private String schema() {
    text.append("{\n");
    line("  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",");
    line("  \"title\": \"A scenario of Xenarium\",");
    line("  \"type\": \"object\",");
    line("  \"required\": [\"scenario\", \"domains\"],");
    line("  \"oneOf\": [{\"required\": [\"steps\"]}, {\"required\": [\"programs\"]}],");
    line("  \"additionalProperties\": false,");
    properties("  ", root(), true);
    definitions();
    text.append("}\n");
    return text.toString();
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private void properties(String indent, List<String> properties, boolean more) {
    line(indent + "\"properties\": {");
    line(String.join(",\n", properties.stream().map(property -> indent + "  " + property).toList()));
    line(indent + (more ? "}," : "}"));
  }

  private static List<String> root() {
    List<String> root = new ArrayList<>(List.of(
        property("scenario", described("What it is about, in one line", "\"type\": \"string\"")),
        property("asks", described("The question that it answers", "\"type\": \"string\"")),
        property("source", described("Where the answer comes from", "\"type\": \"string\"")),
        property("xen", object("Which Xen is emulated", List.of(
            property("release", oneOf(SetupReader.releases())), property("profile", oneOf(SetupReader.PROFILES)),
            property("xsm", oneOf(SetupReader.POLICIES)),
            property("gnttab", object("What the host says of grant tables", List.of(
                property("transitive", BOOLEAN), property("frames", integer(1, Integer.MAX_VALUE)),
                property("maptrack", integer(0, Integer.MAX_VALUE)), property("version", integer(1, 2)))))))),
        property("machine", object("The machine", List.of(
            property("pages", integer(1, SetupReader.MOST_PAGES)),
            property("seed", integer(0, Long.MAX_VALUE)),
            property("reach", integer(Area.RAM_START + SetupReader.MOST_PAGES, SetupReader.REACH)),
            property("costs", object("Virtual time of a step, and of an interrupt on its way", List.of(
                property("hypervisor", ref("time")), property("guest", ref("time")), property("interrupt", ref("time")))))))),
        property("domains", "{\"description\": \"Domains by name\", \"type\": \"object\", \"minProperties\": 1, \"propertyNames\": {\"pattern\": \"^"
            + NameCheck.PATTERN + "$\"}, \"additionalProperties\": " + domain() + "}"),
        property("invariants", described("What is to hold at every step: all, or numbers and names such as I19, A.G3, model, hypercall-faults",
            "\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"array\", \"items\": {\"type\": \"string\"}}]")),
        property("steps", described("One sequence: each step is played to its end, or until it waits, before the next one",
            "\"type\": \"array\", \"minItems\": 1, \"items\": {\"$ref\": \"#/$defs/step\"}")),
        property("programs", described("A program for each vCPU or thread (A, A/1, A/0/reader) and for the toolstack, played in the order of time",
            "\"type\": \"object\", \"minProperties\": 1, \"additionalProperties\": {\"type\": \"array\", \"minItems\": 1, \"items\": {\"$ref\": \"#/$defs/step\"}}"))));
    for (Condition.Quantifier quantifier : Condition.Quantifier.values()) {
      root.add(property(quantifier.spelling(), described("What " + quantifier.summary(),
          "\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"array\", \"minItems\": 1, \"items\": {\"type\": \"string\"}}]")));
    }
    return root;
  }

  private static String domain() {
    return object("A domain", List.of(
        property("id", integer(0, DomId.FIRST_RESERVED - 1)),
        property("vcpus", integer(1, DomainConfig.MAX_VCPUS)),
        property("ram", integer(DomainSetup.LEAST_RAM, SetupReader.MOST_PAGES)),
        property("max_pages", integer(0, SetupReader.MOST_PAGES)),
        property("machine_base", integer(0, SetupReader.MOST_PAGES)),
        property("absent", BOOLEAN),
        property("privileged", BOOLEAN),
        property("hardware", BOOLEAN),
        property("target", "{\"type\": \"string\"}"),
        property("static_memory", BOOLEAN),
        property("reads_ones", BOOLEAN),
        property("pool", integer(0, SetupReader.MOST_PAGES)),
        property("devices", list(SetupReader.MOST_DEVICES, integer(0, SetupReader.MOST_PAGES))),
        property("grants", object("Limits of its grant table", List.of(
            property("frames", integer(1, Integer.MAX_VALUE)), property("maptrack", integer(0, Integer.MAX_VALUE)),
            property("version", integer(1, 2))))),
        property("direct_mapped", BOOLEAN),
        property("driver", object("Its grant driver", List.of(
            property("zephyr", oneOf(SetupReader.VERSIONS)), property("frames", integer(1, Area.WINDOW)),
            property("regions", "{\"anyOf\": [{\"const\": \"" + SetupReader.PLACED + "\"}, "
                + list(SetupReader.MOST_REGIONS, integer(1, DomainSetup.MOST_REGION_PAGES)) + "]}"),
            property("heap", integer(0, SetupReader.MOST_PAGES)))))));
  }

  private void definitions() {
    line("  \"$defs\": {");
    List<String> definitions = new ArrayList<>();
    definitions.add(property("time", "{\"type\": \"string\", \"pattern\": \"^" + Numbers.TIME + "$\"}"));
    definitions.add(property("value", "{\"type\": [\"integer\", \"string\"]}"));
    definitions.add(property("flags", "{\"anyOf\": [{\"$ref\": \"#/$defs/value\"}, {\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/value\"}}]}"));
    definitions.add(property("step", step()));
    for (Operation operation : Operation.values()) {
      definitions.add(property("expect_" + operation.spelling(), expect(operation)));
    }
    line("    " + String.join(",\n    ", definitions));
    line("  }");
  }

  /** All operations are properties, of which a step has one; what it may expect depends on which. */
  private static String step() {
    List<String> properties = new ArrayList<>(List.of(
        property("by", described("Who does it: A, A/1, A/0/reader", "\"type\": \"string\"")),
        property("as", described("A name for the results", "\"type\": \"string\", \"pattern\": \"^" + NameCheck.PATTERN + "$\"")),
        property("expect", "{\"type\": \"object\"}"),
        property("at", ref("time")), property("after", ref("time")),
        property("repeat", integer(1, StepReader.MOST_REPEATS)),
        property("stops", integer(0, StepReader.MOST_REPEATS)),
        property("count", ref("value")), property("ptr", ref("value")),
        property("note", "{\"type\": \"string\"}")));
    StringJoiner one = new StringJoiner(", ");
    StringJoiner expect = new StringJoiner(", ");
    for (Operation operation : Operation.values()) {
      properties.add(property(operation.spelling(), operation(operation)));
      one.add("{\"required\": [\"" + operation.spelling() + "\"]}");
      expect.add("\"" + operation.spelling() + "\": {\"properties\": {\"expect\": {\"$ref\": \"#/$defs/expect_" + operation.spelling() + "\"}}}");
    }
    return "{\"type\": \"object\", \"additionalProperties\": false, \"oneOf\": [" + one + "], \"dependentSchemas\": {" + expect
        + "}, \"properties\": {\n      " + String.join(",\n      ", properties) + "}}";
  }

  private static String operation(Operation operation) {
    String inputs = inputs(operation);
    List<String> forms = new ArrayList<>();
    forms.add(inputs);
    if (operation.takesBatches()) {
      forms.add("{\"type\": \"array\", \"items\": " + element(operation) + "}");
    }
    if (operation.in().size() == 1) {
      forms.add(value(operation.in().get(0).type()));
    }
    if (operation.in().isEmpty()) {
      forms.add("{\"type\": \"null\"}");
    }
    return described(operation.summary(), forms.size() == 1 ? inputs.substring(1, inputs.length() - 1) : "\"anyOf\": [" + String.join(", ", forms) + "]");
  }

  /** An element of a batch may be a single value, too. */
  private static String element(Operation operation) {
    String inputs = inputs(operation);
    return operation.in().size() == 1
        ? "{\"anyOf\": [" + inputs + ", " + value(operation.in().get(0).type()) + "]}"
        : operation.in().isEmpty() ? "{\"anyOf\": [" + inputs + ", {\"type\": \"null\"}]}" : inputs;
  }

  private static String inputs(Operation operation) {
    List<String> properties = operation.in().stream().map(field -> property(field.name(), value(field.type()))).toList();
    String required = String.join(", ", operation.in().stream().filter(Field::required).map(field -> "\"" + field.name() + "\"").toList());
    return "{\"type\": \"object\", \"additionalProperties\": false, \"required\": [" + required + "], \"properties\": {"
        + String.join(", ", properties) + "}}";
  }

  private static String expect(Operation operation) {
    List<String> properties = new ArrayList<>();
    for (String name : Column.names(operation)) {
      String value = value(Column.type(operation, name));
      boolean many = operation.takesBatches() && !name.equals("returns");
      properties.add(property(name, many ? "{\"anyOf\": [" + value + ", {\"type\": \"array\", \"items\": " + value + "}]}" : value));
    }
    properties.add(property("rule", "{\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"array\", \"items\": {\"type\": \"string\"}}]}"));
    properties.add(property("takes", ref("time")));
    if (operation.mayFault()) {
      properties.add(property("faults", "{\"anyOf\": [{\"const\": true}, {\"$ref\": \"#/$defs/value\"}]}"));
    }
    Stream.of(Expectation.How.values()).forEach(how -> properties.add(property(how.spelling(), "{\"type\": \"boolean\"}")));
    return "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {" + String.join(", ", properties) + "}}";
  }

  private static String value(FieldType type) {
    if (type == FieldType.TIME) {
      return ref("time");
    }
    if (type == FieldType.FLAG) {
      return "{\"type\": [\"boolean\", \"integer\", \"string\"]}";
    }
    if (type == FieldType.TEXT) {
      return oneOf(type.symbols());
    }
    return type.isFlags() || type.isList() ? ref("flags") : ref("value");
  }

  private static String property(String name, String schema) {
    return "\"" + name + "\": " + schema;
  }

  private static String ref(String name) {
    return "{\"$ref\": \"#/$defs/" + name + "\"}";
  }

  private static String described(String description, String rest) {
    return "{\"description\": \"" + description + "\", " + rest + "}";
  }

  private static String object(String description, List<String> properties) {
    return described(description, "\"type\": \"object\", \"additionalProperties\": false, \"properties\": {" + String.join(", ", properties) + "}");
  }

  private static String oneOf(List<String> words) {
    return "{\"enum\": [" + String.join(", ", words.stream().map(word -> "\"" + word + "\"").toList()) + "]}";
  }

  private static String list(int most, String items) {
    return "{\"type\": \"array\", \"maxItems\": " + most + ", \"items\": " + items + "}";
  }

  private static String integer(long least, long most) {
    return "{\"type\": \"integer\", \"minimum\": " + least + ", \"maximum\": " + most + "}";
  }
}
