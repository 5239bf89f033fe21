package org.xenarium.documentation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.xenarium.emulator.trace.Rule;

/** Pages of the documentation that are written from the code: compared or, with the system property {@code xenarium.docs=write}, written. */
final class GeneratedPage {
  /** Writes all of them anew. */
  static final String REWRITE =
      "mvn -q -pl scenarios -am -Dtest=*ReferenceTest -Dsurefire.failIfNoSpecifiedTests=false -Dxenarium.docs=write test";

  /** All enums of rules on the class path, by their names. */
  static final List<Class<?>> RULES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.xenarium")
          .stream()
              .filter(type -> type.isEnum() && type.isAssignableTo(Rule.class))
              .sorted(Comparator.comparing(JavaClass::getName))
              .<Class<?>>map(JavaClass::reflect)
              .toList();

  private GeneratedPage() {}

  static List<Rule> rules(Class<?> type) {
    return Arrays.stream(type.getEnumConstants()).map(Rule.class::cast).toList();
  }

  /** A row of a table. */
  static String row(Stream<String> cells) {
    return cells.map(cell -> cell.replace("|", "\\|")).collect(joining(" | ", "| ", " |\n"));
  }

  /** The page at that path below docs must be {@code expected}. */
  static void check(String path, String expected) throws IOException {
    Path file = Documentation.folder().resolve(path);
    if ("write".equals(System.getProperty("xenarium.docs"))) {
      Files.writeString(file, expected, UTF_8);
    }
    String found = Files.exists(file) ? Files.readString(file, UTF_8) : "";
    String problem = String.format(Locale.ROOT, "docs/%s is not what the code says; write it anew with%n%n    %s%n", path, REWRITE);
    assertThat(differences(found, expected)).as(problem).isEmpty();
    assertThat(found.equals(expected)).as(problem).isTrue();
  }

  /** Lines that only the file has, then those that only the code has. */
  private static List<String> differences(String file, String code) {
    Set<String> inFile = file.lines().collect(toCollection(TreeSet::new));
    Set<String> inCode = code.lines().collect(toCollection(TreeSet::new));
    return Stream.concat(
            inFile.stream().filter(line -> !inCode.contains(line)).map(line -> "- " + line),
            inCode.stream().filter(line -> !inFile.contains(line)).map(line -> "+ " + line))
        .toList();
  }
}
