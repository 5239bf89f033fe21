package org.xenarium.scenarios.script;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.semantics.Profile;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.gnttab.driver.DriverVersion;
import org.xenarium.gnttab.table.GrantOptions;
import org.xenarium.scenarios.recording.Spelling;

/** Reads what there is before anything is done: the Xen, the machine, the domains. */
final class SetupReader {
  static final List<String> XEN = List.of("release", "profile", "xsm", "gnttab");
  static final List<String> GNTTAB = List.of("transitive", "frames", "maptrack", "version");
  static final List<String> MACHINE = List.of("pages", "seed", "reach", "costs");
  static final List<String> COSTS = List.of("hypervisor", "guest", "interrupt");
  static final List<String> DOMAIN =
      List.of("id", "vcpus", "ram", "max_pages", "machine_base", "absent", "privileged", "hardware", "target", "direct_mapped", "static_memory", "reads_ones", "pool",
          "devices", "grants", "driver");
  static final List<String> GRANTS = List.of("frames", "maptrack", "version");
  static final List<String> DRIVER = List.of("zephyr", "frames", "regions", "heap");
  static final List<String> POLICIES = List.of("dummy", "silo");
  static final List<String> VERSIONS =
      Arrays.stream(DriverVersion.values()).map(SetupReader::spelling).toList();
  static final List<String> PROFILES = Arrays.stream(Profile.values()).map(profile -> profile.name().toLowerCase(Locale.ROOT)).toList();

  /** How many pages a domain or machine may have at most: 64 GiB. */
  static final long MOST_PAGES = 1L << 24;

  /** How many extended regions fit the free address space. */
  static final int MOST_REGIONS = (int) (Area.FREE_PAGES / DomainSetup.MOST_REGION_PAGES);

  /** How many frames of devices a domain may be given. */
  static final int MOST_DEVICES = 64;

  static final long PAGES = 0x40000;
  static final long REACH = 1L << 36;
  static final long HYPERVISOR_STEP = 100;
  static final long GUEST_STEP = 10;
  static final long INTERRUPT = 1000;

  /** Extended regions that the driver takes from its device tree. */
  static final String PLACED = "placed";

  private final Problems problems;
  private GrantOptions host = GrantOptions.ARM;

  SetupReader(Problems problems) {
    this.problems = problems;
  }

  /** As scenarios spell it. */
  static String spelling(DriverVersion version) {
    return version == DriverVersion.CONTRACT ? "contract" : version.name();
  }

  /** Names of releases, newest first: the first is what a scenario gets that names none. */
  static List<String> releases() {
    return Arrays.stream(Release.values()).map(Release::toString).toList().reversed();
  }

  /** To be asked before any domain: the host says what a domain gets that names no limits. */
  MachineSetup machine(@Nullable Node xenNode, @Nullable Node machineNode) {
    Mapping xen = xenNode == null ? null : Mapping.of(xenNode, "\"xen\"", XEN, problems);
    String release = xen == null ? releases().get(0) : xen.word("release", releases());
    boolean silo = xen != null && xen.word("xsm", POLICIES).equals("silo");
    Profile profile = xen == null ? Profile.ARM : Profile.valueOf(xen.word("profile", PROFILES).toUpperCase(Locale.ROOT));
    Semantics semantics =
        new Semantics(Release.named(release).orElseThrow(), silo ? SecurityPolicy.SILO : SecurityPolicy.DUMMY).withProfile(profile);
    host = GrantOptions.of(semantics);
    if (xen != null && xen.get("gnttab") instanceof Node node) {
      host = host(node);
      semantics = semantics.with(GrantOptions.class, host);
    }
    if (machineNode == null) {
      return new MachineSetup(semantics, PAGES, 0, REACH, HYPERVISOR_STEP, GUEST_STEP, INTERRUPT);
    }
    Mapping machine = Mapping.of(machineNode, "\"machine\"", MACHINE, problems);
    Mapping costs = machine.get("costs") instanceof Node node ? Mapping.of(node, "\"costs\"", COSTS, problems) : null;
    return new MachineSetup(
        semantics,
        machine.number("pages", 1, MOST_PAGES, PAGES),
        machine.number("seed", 0, Long.MAX_VALUE, 0),
        machine.number("reach", Area.RAM_START + MOST_PAGES, REACH, REACH),
        costs == null ? HYPERVISOR_STEP : costs.time("hypervisor", HYPERVISOR_STEP),
        costs == null ? GUEST_STEP : costs.time("guest", GUEST_STEP),
        costs == null ? INTERRUPT : costs.time("interrupt", INTERRUPT));
  }

  /** What the host was booted with; for domains that do not say themselves. */
  private GrantOptions host(Node node) {
    Mapping gnttab = Mapping.of(node, "\"gnttab\"", GNTTAB, problems);
    return new GrantOptions(
        host.built(),
        (int) gnttab.number("version", 1, 2, host.maxVersion()),
        gnttab.has("transitive") ? gnttab.truth("transitive") : host.transitive(),
        host.copying(),
        (int) gnttab.number("frames", 1, Integer.MAX_VALUE, host.maxFrames()),
        (int) gnttab.number("maptrack", 0, Integer.MAX_VALUE, host.maxMaptrackFrames()));
  }

  /** The domains by name, in the order of the file. */
  Map<String, DomainSetup> domains(Node node) {
    Mapping mapping = Mapping.any(node, "\"domains\"", problems);
    Map<String, DomainSetup> domains = new LinkedHashMap<>();
    List<Integer> ids = new ArrayList<>();
    List<String> names = mapping.keys();
    for (String name : mapping.keys()) {
      Node value = mapping.get(name);
      if (value == null) {
        continue;
      }
      NameCheck.check(name, mapping.placeOf(name), "a domain", problems);
      DomainSetup domain = domain(name, mapping.placeOf(name), value, domains.size() + 1, names);
      if (ids.contains(domain.id()) && !domain.absent()) {
        problems.add(domain.place(), "domain " + name + " has the id " + domain.id() + ", which another domain has, too");
      }
      if (!domain.absent()) {
        ids.add(domain.id());
      }
      domains.put(name, domain);
    }
    if (mapping.keys().isEmpty()) {
      problems.add(mapping.place(), "\"domains\": expected at least one domain, such as A: {}");
    }
    return domains;
  }

  private DomainSetup domain(String name, Place place, Node node, int id, List<String> names) {
    Mapping domain = Mapping.of(node, "domain " + name, DOMAIN, problems);
    DomainSetup.Driver driver = driver(domain.get("driver"));
    return new DomainSetup(
        name,
        place,
        (int) domain.number("id", 0, DomId.FIRST_RESERVED - 1, id),
        (int) domain.number("vcpus", 1, DomainConfig.MAX_VCPUS, 1),
        domain.truth("privileged"),
        domain.has("direct_mapped") ? domain.truth("direct_mapped") : !driver.hasRegions(),
        domain.number("ram", DomainSetup.LEAST_RAM, MOST_PAGES, DomainSetup.RAM),
        optional(domain, "max_pages"),
        optional(domain, "machine_base"),
        domain.truth("absent"),
        special(domain, names),
        grants(domain.get("grants")),
        driver);
  }

  private DomainSetup.Special special(Mapping domain, List<String> names) {
    String target = domain.text("target");
    if (!target.isEmpty() && !names.contains(target)) {
      String near = Spelling.nearest(target, names);
      problems.add(domain.placeOf("target"), "\"target\": unknown domain \"" + target + "\""
          + (near == null ? "; known are " + String.join(", ", names) : "; did you mean \"" + near + "\"?"));
    }
    List<Long> devices = domain.get("devices") instanceof Node node ? numbers(node, "devices", 0, MOST_PAGES, MOST_DEVICES) : List.of();
    return new DomainSetup.Special(domain.truth("hardware"), target, optional(domain, "pool"), domain.truth("static_memory"),
        domain.truth("reads_ones"), devices);
  }

  private static OptionalLong optional(Mapping domain, String key) {
    return domain.has(key) ? OptionalLong.of(domain.number(key, 0, MOST_PAGES, 0)) : OptionalLong.empty();
  }

  private DomainSetup.Grants grants(@Nullable Node node) {
    GrantOptions preset = host;
    if (node == null) {
      return new DomainSetup.Grants(preset.maxFrames(), preset.maxMaptrackFrames(), preset.maxVersion());
    }
    Mapping grants = Mapping.of(node, "\"grants\"", GRANTS, problems);
    return new DomainSetup.Grants(
        (int) grants.number("frames", 1, Integer.MAX_VALUE, preset.maxFrames()),
        (int) grants.number("maptrack", 0, Integer.MAX_VALUE, preset.maxMaptrackFrames()),
        (int) grants.number("version", 1, 2, preset.maxVersion()));
  }

  private DomainSetup.Driver driver(@Nullable Node node) {
    DomainSetup.Driver preset = DomainSetup.Driver.PRESET;
    if (node == null) {
      return preset;
    }
    Mapping driver = Mapping.of(node, "\"driver\"", DRIVER, problems);
    return new DomainSetup.Driver(
        DriverVersion.valueOf(driver.word("zephyr", VERSIONS).toUpperCase(Locale.ROOT)),
        (int) driver.number("frames", 1, Area.WINDOW, preset.frames()),
        driver.get("regions") instanceof Node regions ? regions(regions) : preset.regions(),
        isPlaced(driver.get("regions")),
        (int) driver.number("heap", 0, MOST_PAGES, preset.heap()));
  }

  private static boolean isPlaced(@Nullable Node regions) {
    return regions instanceof ScalarNode scalar && scalar.getValue().equals(PLACED);
  }

  private List<Long> regions(Node node) {
    if (isPlaced(node)) {
      return List.of();
    }
    if (!(node instanceof SequenceNode) && node instanceof ScalarNode word) {
      String near = Spelling.nearest(word.getValue(), List.of(PLACED));
      problems.add(Yaml.place(node), "\"regions\": expected a list of numbers of pages, or " + PLACED + ", found " + Yaml.found(node)
          + (near == null ? "" : "; did you mean " + PLACED + "?"));
      return List.of();
    }
    return numbers(node, "regions", 1, DomainSetup.MOST_REGION_PAGES, MOST_REGIONS);
  }

  /** A list of numbers, of at most so many. */
  private List<Long> numbers(Node node, String key, long least, long most, int length) {
    if (!(node instanceof SequenceNode list) || list.getValue().size() > length) {
      problems.add(Yaml.place(node), "\"" + key + "\": expected a list of up to " + length + " numbers, found " + Yaml.found(node));
      return List.of();
    }
    return list.getValue().stream().map(number -> Yaml.number(number, "\"" + key + "\"", least, most, least, problems)).toList();
  }
}
