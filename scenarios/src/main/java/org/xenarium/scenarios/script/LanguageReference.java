package org.xenarium.scenarios.script;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Arrays;

/** The generated tables of the language's reference: operations, names of numbers, questions to the state. In Markdown. */
public final class LanguageReference {
  private LanguageReference() {}

  /** All tables, each with its heading. */
  public static String write() {
    return operations() + areas() + questions() + symbols();
  }

  private static String operations() {
    Map<String, List<Operation>> byTitle = new LinkedHashMap<>();
    for (Operation operation : Operation.values()) {
      byTitle.computeIfAbsent(operation.kind().title(), any -> new ArrayList<>()).add(operation);
    }
    StringBuilder text = new StringBuilder();
    byTitle.forEach((title, operations) -> {
      text.append("\n### ").append(title).append("\n\n| Operation | Does | Takes | Gives |\n|---|---|---|---|\n");
      operations.forEach(operation -> text.append(row(operation)));
    });
    return text.toString();
  }

  private static String row(Operation operation) {
    List<String> takes = operation.in().stream().map(LanguageReference::input).toList();
    List<String> gives = Column.names(operation).stream().map(name -> "`" + name + "`").toList();
    return "| `" + operation.spelling() + "`" + (operation.takesBatches() ? " ∗" : "") + " | " + operation.summary() + " | " + String.join(", ", takes)
        + " | " + String.join(", ", gives) + " |\n";
  }

  private static String input(Field field) {
    String preset = field.preset().isEmpty() ? "" : " = " + field.type().name(field.preset().getAsLong());
    return "`" + field.name() + "`" + (preset.isEmpty() ? "" : " (" + preset.substring(3) + ")");
  }

  private static String areas() {
    StringBuilder text = new StringBuilder("\n### Pages\n\n| Name | First guest frame | What lies there |\n|---|---|---|\n");
    for (Area area : Area.values()) {
      text.append("| `").append(area.spelling()).append(".0` … | 0x").append(Long.toHexString(area.first())).append(" | ").append(area.summary()).append(" |\n");
    }
    return text.toString();
  }

  private static String questions() {
    StringBuilder text = new StringBuilder("\n### Questions in conditions\n\n| Question | Tells |\n|---|---|\n");
    for (StateFunction function : StateFunction.values()) {
      String arguments = String.join("", function.parameters().stream().map(parameter -> ", " + word(parameter)).toList());
      text.append("| `").append(function.spelling()).append("(A").append(arguments).append(")` | ").append(function.summary()).append(" |\n");
    }
    return text.toString();
  }

  private static String word(FieldType type) {
    return switch (type) {
      case REF -> "ref";
      case GFN -> "page";
      case NUMBER -> "port";
      default -> "address";
    };
  }

  private static String symbols() {
    StringBuilder text = new StringBuilder("\n### Names of numbers\n\n| Where | Names |\n|---|---|\n");
    Arrays.stream(FieldType.values())
        .filter(type -> !type.symbols().isEmpty())
        .forEach(type -> text.append("| ").append(type.words()).append(" | ")
            .append(String.join(", ", type.symbols().stream().map(name -> "`" + name + "`").toList())).append(" |\n"));
    return text.toString();
  }
}
