package org.xenarium.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/** The build runs test classes by their names and says nothing about those it leaves out: this counts them. */
class PropertyClassesTest {
  /** Raise it with every new class of properties. */
  private static final int AT_LEAST = 4;

  @Test
  void there_are_as_many_property_classes_as_were_written() throws Exception {
    assertThat(testClasses())
        .filteredOn(type -> outermost(type) == type && isNamedForProperties(type))
        .hasSizeGreaterThanOrEqualTo(AT_LEAST);
  }

  @Test
  void every_class_named_for_properties_has_some() throws Exception {
    List<Class<?>> withProperties =
        testClasses().stream().filter(PropertyClassesTest::hasProperties).<Class<?>>map(PropertyClassesTest::outermost).toList();
    assertThat(testClasses()).filteredOn(type -> outermost(type) == type && isNamedForProperties(type)).allMatch(withProperties::contains);
  }

  @Test
  void every_class_with_tests_is_named_so_that_they_run() throws Exception {
    assertThat(testClasses())
        .filteredOn(PropertyClassesTest::hasTests)
        .allMatch(type -> isNamedForProperties(outermost(type)) || outermost(type).getSimpleName().endsWith("Test"));
  }

  private static boolean isNamedForProperties(Class<?> type) {
    return type.getSimpleName().endsWith("Properties");
  }

  private static boolean hasProperties(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .anyMatch(method -> AnnotationSupport.isAnnotated(method, Property.class) || AnnotationSupport.isAnnotated(method, Example.class));
  }

  private static boolean hasTests(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods()).anyMatch(method -> AnnotationSupport.isAnnotated(method, Testable.class));
  }

  private static Class<?> outermost(Class<?> type) {
    return type.getEnclosingClass() == null ? type : outermost(type.getEnclosingClass());
  }

  private static List<Class<?>> testClasses() throws IOException, URISyntaxException {
    Path root = Path.of(PropertyClassesTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (var files = Files.walk(root)) {
      return files.map(file -> root.relativize(file).toString())
          .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
          .map(name -> name.replaceAll("\\.class$", "").replaceAll("[/\\\\]", "."))
          .<Class<?>>map(PropertyClassesTest::load)
          .toList();
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, PropertyClassesTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(name, e);
    }
  }
}
