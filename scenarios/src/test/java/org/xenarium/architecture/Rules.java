package org.xenarium.architecture;

import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableMap;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The vocabulary of {@link ArchitectureTest}. Accesses are calls, references to methods, and reads and writes of fields. */
final class Rules {
  private Rules() {}

  /** Forbids mentioning some types and accessing some members. */
  static ArchRule never(String what, Predicate<JavaClass> types, Predicate<JavaAccess<?>> members) {
    return classes()
        .should(
            new ArchCondition<>("never " + what) {
              @Override
              public void check(JavaClass subject, ConditionEvents events) {
                subject.getDirectDependenciesFromSelf().stream()
                    .filter(dependency -> types.test(dependency.getTargetClass().getBaseComponentType()))
                    .forEach(dependency -> events.add(violated(dependency, dependency.getDescription())));
                subject.getAccessesFromSelf().stream()
                    .filter(members)
                    .forEach(access -> events.add(violated(access, access.getDescription())));
              }
            });
  }

  static Predicate<JavaClass> noType() {
    return type -> false;
  }

  static Predicate<JavaClass> type(String... names) {
    return type -> List.of(names).contains(type.getName());
  }

  /** Types of these packages and those below them. */
  static Predicate<JavaClass> in(String... packages) {
    return type -> Arrays.stream(packages).anyMatch(name -> (type.getPackageName() + ".").startsWith(name + "."));
  }

  static Predicate<JavaAccess<?>> member(String owner, String... names) {
    return access -> access.getTargetOwner().getName().equals(owner) && List.of(names).contains(access.getName());
  }

  static Predicate<JavaAccess<?>> call(String owner, String name, String... parameterTypes) {
    return member(owner, name).and(access -> parameterTypes(access).equals(List.of(parameterTypes)));
  }

  /** A call without arguments of a method of this name, whoever has it. */
  static Predicate<JavaAccess<?>> callOf(String name) {
    return access ->
        access.getName().equals(name) && access.getTarget() instanceof CodeUnitAccessTarget && parameterTypes(access).isEmpty();
  }

  /** A call that says what kind of collection it wants. */
  static Predicate<JavaAccess<?>> supplied() {
    return access -> parameterTypes(access).contains("java.util.function.Supplier");
  }

  private static List<String> parameterTypes(JavaAccess<?> access) {
    return access.getTarget() instanceof CodeUnitAccessTarget target
        ? target.getRawParameterTypes().stream().map(HasName::getName).toList()
        : List.of();
  }

  static boolean asksForAHashThatMayBeAnIdentity(JavaAccess<?> access) {
    boolean withinHashCode = access.getOrigin().getName().equals("hashCode");
    boolean byHelper =
        member("java.util.Objects", "hash", "hashCode")
            .or(member("com.google.common.base.Objects", "hashCode"))
            .or(member("java.util.Arrays", "deepHashCode"))
            .or(call("java.util.Arrays", "hashCode", "[Ljava.lang.Object;"))
            .test(access);
    return !withinHashCode && (byHelper || callOf("hashCode").test(access) && !ownsItsHash(access));
  }

  private static boolean ownsItsHash(JavaAccess<?> access) {
    Set<String> identity = Set.of("java.lang.Object", "java.lang.Enum", "java.lang.Record");
    return access.getTarget().resolveMember()
        .map(member -> member instanceof JavaMethod method && !identity.contains(method.getOwner().getName()))
        .orElse(false);
  }

  /**
   * Judges the value, not the declared type, and one level deep: immutable are classes with nothing but final fields, lambdas, and the
   * immutable collections of Java and Guava. A private array of numbers, strings or enum constants passes as a table.
   */
  static ArchCondition<JavaField> holdNoState() {
    return new ArchCondition<>("hold no state") {
      @Override
      public void check(JavaField field, ConditionEvents events) {
        boolean generated = field.getModifiers().contains(JavaModifier.SYNTHETIC);
        if (!generated && !isTable(field) && !isImmutable(valueOf(field))) {
          events.add(violated(field, field.getDescription() + " can hold state in " + field.getSourceCodeLocation()));
        }
      }
    };
  }

  private static boolean isTable(JavaField field) {
    JavaClass element = field.getRawType().getBaseComponentType();
    return field.getRawType().isArray()
        && field.getModifiers().contains(JavaModifier.PRIVATE)
        && (element.isPrimitive() || element.isEnum() || element.isEquivalentTo(String.class));
  }

  private static Object valueOf(JavaField field) {
    try {
      Field reflected = field.reflect();
      reflected.setAccessible(true);
      return reflected.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(field.getFullName(), e);
    }
  }

  private static boolean isImmutable(Object value) {
    if (value == null || value instanceof String || value instanceof Number && value.getClass().getPackageName().equals("java.math")) {
      return true;
    }
    if (value instanceof ImmutableCollection<?> || value instanceof ImmutableMap<?, ?>) {
      return true;
    }
    Class<?> type = value.getClass();
    String name = type.getName();
    if (name.startsWith("com.google.common.collect.Immutable") || name.startsWith("java.lang.invoke.") || name.equals("java.lang.Class")) {
      return true;
    }
    return !type.isArray() && hasOnlyFinalFields(type);
  }

  private static boolean hasOnlyFinalFields(Class<?> type) {
    for (Class<?> level = type; level != null && level != Enum.class; level = level.getSuperclass()) {
      for (Field field : level.getDeclaredFields()) {
        if ((field.getModifiers() & (Modifier.STATIC | Modifier.FINAL)) == 0) {
          return false;
        }
      }
    }
    return true;
  }
}
