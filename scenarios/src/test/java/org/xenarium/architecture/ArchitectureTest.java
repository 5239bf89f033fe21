package org.xenarium.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.architecture.Rules.call;
import static org.xenarium.architecture.Rules.callOf;
import static org.xenarium.architecture.Rules.holdNoState;
import static org.xenarium.architecture.Rules.in;
import static org.xenarium.architecture.Rules.member;
import static org.xenarium.architecture.Rules.never;
import static org.xenarium.architecture.Rules.noType;
import static org.xenarium.architecture.Rules.supplied;
import static org.xenarium.architecture.Rules.type;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.xenarium.architecture.left.Left;
import org.xenarium.architecture.right.Right;

/**
 * What the modules promise about each other and about determinism, read from their class files.
 *
 * <p>ArchUnit fails a rule that finds nothing to look at. No rule here has scenarios as its subject, so an empty scenarios module passes;
 * the other two must have classes, though not necessarily static fields. A rule could also be vacuous by not recognising what it forbids:
 * each one is first shown the class of {@link Offenders} that breaks it, and must complain about every single method or field there.
 */
class ArchitectureTest {
  private static final String EMULATOR = "org.xenarium.emulator..";
  private static final String GNTTAB = "org.xenarium.gnttab..";
  private static final String SCENARIOS = "org.xenarium.scenarios..";

  private static final JavaClasses ALL =
      new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("org.xenarium");

  /** The floors that must be deterministic. */
  private static final JavaClasses CORE = ALL.that(resideInAnyPackage(EMULATOR, GNTTAB));

  @Test
  void the_rules_read_the_classes_of_emulator_and_gnttab_and_none_of_the_tests() {
    assertThat(ALL.that(resideInAPackage(EMULATOR))).isNotEmpty();
    assertThat(ALL.that(resideInAPackage(GNTTAB))).isNotEmpty();
    assertThat(ALL.that(resideInAPackage("org.xenarium.architecture.."))).isEmpty();
  }

  @Test
  void the_emulator_knows_neither_gnttab_nor_scenarios() {
    knowsNothingOf(EMULATOR, GNTTAB, SCENARIOS);
  }

  @Test
  void gnttab_does_not_know_scenarios() {
    knowsNothingOf(GNTTAB, SCENARIOS);
  }

  /** Invariants look at tables and at what calls in flight say of themselves; operations know nothing of who looks at them. */
  @Test
  void invariants_know_tables_and_rules_and_no_operation_knows_them() {
    String invariant = "org.xenarium.gnttab.invariant..";
    knowsNothingOf(invariant, "org.xenarium.gnttab.op..", "org.xenarium.gnttab.driver..");
    for (String other : new String[] {"op", "table", "rule", "abi", "driver"}) {
      knowsNothingOf("org.xenarium.gnttab." + other + "..", invariant);
    }
  }

  /** The reference model is an oracle of its own: neither do operations know of it nor it of them, or of the rules that they name. */
  @Test
  void the_reference_model_knows_tables_only_and_is_known_to_nobody_else() {
    String model = "org.xenarium.gnttab.model..";
    for (String other : new String[] {"op", "rule", "driver", "invariant"}) {
      knowsNothingOf(model, "org.xenarium.gnttab." + other + "..");
      knowsNothingOf("org.xenarium.gnttab." + other + "..", model);
    }
    knowsNothingOf("org.xenarium.gnttab.table..", model);
    knowsNothingOf("org.xenarium.gnttab.abi..", model);
  }

  /** Classes that lie directly in a module's root package, as the facade does, belong to no slice. */
  @Test
  void packages_depend_on_each_other_in_one_direction_only() {
    ArchRule rule = slices().matching("org.xenarium.(*).(*)..").should().beFreeOfCycles();
    assertThat(broken(rule, Left.class, Right.class)).contains("architecture");
    rule.check(ALL);
  }

  @Test
  void emulator_and_gnttab_read_no_clock() {
    holds(
        never(
            "read a clock",
            in("java.time")
                .or(type("java.util.Date", "java.util.Calendar"))
                .or(type("com.google.common.base.Stopwatch", "com.google.common.base.Ticker")),
            member("java.lang.System", "currentTimeMillis", "nanoTime")),
        Offenders.Clock.class);
  }

  @Test
  void emulator_and_gnttab_draw_random_numbers_from_no_generator_of_the_platform() {
    holds(
        never(
            "use the platform's random numbers",
            in("java.util.random").or(type("java.util.Random", "java.util.SplittableRandom", "java.security.SecureRandom")),
            member("java.lang.Math", "random")
                .or(member("java.lang.StrictMath", "random"))
                .or(member("java.util.UUID", "randomUUID"))
                .or(member("java.util.Collections", "shuffle"))
                .or(member("com.google.common.hash.Hashing", "goodFastHash"))),
        Offenders.Randomness.class);
  }

  /** Linked and sorted collections, enum sets and maps, and Guava's immutable ones have an order of their own and are welcome. */
  @Test
  void emulator_and_gnttab_use_no_collection_in_hash_order() {
    holds(
        never(
            "use a collection in hash order",
            type("java.util.HashMap", "java.util.HashSet", "java.util.IdentityHashMap", "java.util.WeakHashMap", "java.util.Hashtable")
                .or(type("com.google.common.collect.HashMultimap", "com.google.common.collect.HashMultiset"))
                .or(type("com.google.common.collect.HashBiMap", "com.google.common.collect.HashBasedTable")),
            member("java.util.Set", "of", "copyOf")
                .or(member("java.util.Map", "of", "copyOf", "ofEntries"))
                .or(member("java.util.stream.Collectors", "toSet", "toUnmodifiableSet", "toUnmodifiableMap", "partitioningBy"))
                .or(member("java.util.stream.Collectors", "toMap", "groupingBy").and(supplied().negate()))
                .or(member("com.google.common.collect.Maps", "newHashMap", "newHashMapWithExpectedSize", "newIdentityHashMap"))
                .or(member("com.google.common.collect.Sets", "newHashSet", "newHashSetWithExpectedSize", "newIdentityHashSet"))),
        Offenders.HashOrder.class);
  }

  /** The hash of an enum, too, is its identity. A method {@code hashCode()} may ask for others' hashes: nothing else calls it. */
  @Test
  void emulator_and_gnttab_depend_on_no_identity_hash() {
    holds(
        never("use an identity hash", noType(), member("java.lang.System", "identityHashCode").or(Rules::asksForAHashThatMayBeAnIdentity)),
        Offenders.Identity.class);
  }

  @Test
  void emulator_and_gnttab_have_no_threads() {
    holds(
        never(
            "use threads",
            in("java.util.concurrent")
                .or(type("java.lang.Thread", "java.lang.ThreadLocal", "java.lang.ThreadGroup", "java.lang.ScopedValue", "java.util.Timer")),
            callOf("parallel").or(callOf("parallelStream")).or(member("java.lang.Object", "wait", "notify", "notifyAll"))),
        Offenders.Threads.class);
  }

  @Test
  void emulator_and_gnttab_touch_no_files_no_output_and_no_environment() {
    holds(
        never(
            "touch files, output or the environment",
            in("java.nio.file", "java.nio.channels", "java.net")
                .or(type("java.io.File", "java.io.FileInputStream", "java.io.FileOutputStream", "java.io.RandomAccessFile"))
                .or(type("java.io.FileReader", "java.io.FileWriter", "java.io.Console", "java.io.PrintStream"))
                .or(type("java.lang.Runtime", "java.lang.Process", "java.lang.ProcessBuilder", "java.util.ServiceLoader")),
            member("java.lang.System", "in", "out", "err", "getenv", "getProperty", "getProperties", "console", "getLogger", "exit")
                .or(member("java.lang.Integer", "getInteger"))
                .or(member("java.lang.Long", "getLong"))
                .or(member("java.lang.Boolean", "getBoolean"))
                .or(callOf("printStackTrace"))),
        Offenders.Outside.class);
  }

  @Test
  void emulator_and_gnttab_ask_for_no_default_locale_or_charset() {
    String string = "java.lang.String";
    holds(
        never(
            "depend on the default locale or charset",
            type("java.io.InputStreamReader", "java.io.OutputStreamWriter", "java.io.PrintWriter", "java.util.Scanner"),
            call(string, "format", string, "[Ljava.lang.Object;")
                .or(member(string, "formatted"))
                .or(call(string, "toUpperCase"))
                .or(call(string, "toLowerCase"))
                .or(call(string, "getBytes"))
                .or(call(string, "<init>", "[B"))
                .or(call(string, "<init>", "[B", "int", "int"))
                .or(call("java.io.ByteArrayOutputStream", "toString"))
                .or(call("java.util.Formatter", "<init>"))
                .or(call("java.util.Formatter", "<init>", "java.lang.Appendable"))
                .or(member("java.util.Locale", "getDefault"))
                .or(member("java.nio.charset.Charset", "defaultCharset"))
                .or(access -> access.getTargetOwner().getPackageName().equals("java.text"))),
        Offenders.Defaults.class);
  }

  @Test
  void emulator_and_gnttab_have_only_final_static_fields() {
    ArchRule rule = fields().that().areStatic().should().beFinal().allowEmptyShould(true);
    assertThat(broken(rule, Offenders.ChangingStatics.class)).contains(namesOfMembers(Offenders.ChangingStatics.class));
    rule.check(CORE);
  }

  @Test
  void emulator_and_gnttab_keep_no_state_in_the_objects_of_static_fields() {
    ArchRule rule = fields().that().areStatic().and().areFinal().should(holdNoState()).allowEmptyShould(true);
    assertThat(broken(rule, Offenders.MutableStatics.class)).contains(namesOfMembers(Offenders.MutableStatics.class));
    rule.check(new ClassFileImporter().importClasses(Offenders.ImmutableStatics.class));
    rule.check(CORE);
  }

  private static void knowsNothingOf(String floor, String... above) {
    ArchRule control = noClasses().that().resideInAPackage("..left..").should().dependOnClassesThat().resideInAnyPackage("..right..");
    assertThat(broken(control, Left.class, Right.class)).contains("Left");
    noClasses().that().resideInAPackage(floor).should().dependOnClassesThat().resideInAnyPackage(above).check(ALL);
  }

  private static void holds(ArchRule rule, Class<?> offender) {
    assertThat(broken(rule, offender)).as("the rule recognises what it forbids").contains(namesOfMembers(offender));
    rule.check(CORE);
  }

  /** What a rule has to say about these classes. */
  private static String broken(ArchRule rule, Class<?>... classes) {
    return String.join("\n", rule.evaluate(new ClassFileImporter().importClasses(classes)).getFailureReport().getDetails());
  }

  /** The methods of an offender or, where it has none, its fields; in the form in which ArchUnit names them. */
  private static String[] namesOfMembers(Class<?> offender) {
    var methods = Arrays.stream(offender.getDeclaredMethods()).filter(method -> !method.isSynthetic());
    var fields = Arrays.stream(offender.getDeclaredFields()).filter(field -> !field.isSynthetic());
    String[] names = methods.map(method -> "." + method.getName() + "(").toArray(String[]::new);
    return names.length > 0 ? names : fields.map(field -> "." + field.getName() + ">").toArray(String[]::new);
  }
}
