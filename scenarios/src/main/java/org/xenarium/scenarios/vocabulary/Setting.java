package org.xenarium.scenarios.vocabulary;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.emulator.state.Generator;
import org.xenarium.gnttab.driver.DriverDifference;
import org.xenarium.gnttab.driver.DriverVersion;
import org.xenarium.gnttab.driver.GuestInvariant;
import org.xenarium.gnttab.table.GrantOptions;
import org.xenarium.scenarios.script.DomainSetup;
import org.xenarium.scenarios.script.MachineSetup;
import org.xenarium.scenarios.script.Place;
import org.xenarium.scenarios.script.Scenario;

/**
 * What a run begins with.
 *
 * @param scenario machine and domains; it has no steps
 * @param manners of the domains, in their order
 * @param interleaves whether calls may be interrupted between any two of their steps so that others act meanwhile
 */
public record Setting(Scenario scenario, List<Manner> manners, boolean interleaves) {
  private static final int REGION = 8;
  private static final int RAM = 16;
  private static final int SPARE_PAGES = 32;

  // What a scenario has that does not say.
  private static final int PRESET_FRAMES = 64;
  private static final int PRESET_MAPTRACK = 1024;
  private static final long PLAIN_MACHINE_PAGES = 0x40000;

  public Setting {
    manners = List.copyOf(manners);
    if (manners.size() != scenario.domains().size()) {
      throw new IllegalArgumentException(scenario.domains().size() + " domains have " + manners.size() + " manners");
    }
  }

  /**
   * A small machine with small tables, drawn so that limits are met: two or three domains with one or two vCPUs each, of all manners; and now and
   * then one more that is absent at the start and has the domid and the manner of the last one.
   *
   * @param seed the same seed makes the same setting
   */
  public static Setting drawn(Semantics semantics, DriverVersion driver, long seed) {
    return drawn(semantics, driver, new Dice.Thrown(new Generator(seed)));
  }

  /** As {@link #drawn(Semantics, DriverVersion, long)}, from any numbers; zeros make the plainest. */
  public static Setting drawn(Semantics semantics, DriverVersion driver, Dice dice) {
    List<DomainSetup> domains = new ArrayList<>();
    List<Manner> manners = new ArrayList<>();
    boolean interleaves = dice.below(2) == 1;
    int version = dice.below(4) == 3 || GrantOptions.of(semantics).maxVersion() > 1 ? 2 : 1;
    int count = 2 + (dice.oneIn(3) ? 1 : 0);
    long pages = 0;
    for (int i = 0; i < count; i++) {
      DomainSetup domain = domain(i, MachineSetup.FIRST_MFN + pages, version, driver, dice);
      domains.add(domain);
      manners.add(Manner.values()[dice.below(Manner.values().length)]);
      pages += domain.pages();
    }
    long spare = SPARE_PAGES + dice.below(SPARE_PAGES);
    domains.set(0, special(domains.get(0), dice));
    if (dice.oneIn(4)) {
      DomainSetup later = domains.get(count - 1).later(name(count), OptionalLong.of(MachineSetup.FIRST_MFN + pages));
      domains.add(later);
      manners.add(manners.get(count - 1));
      pages += later.pages();
    }
    MachineSetup machine = MachineSetup.of(semantics, pages + spare);
    Scenario scenario = new Scenario("drawn", "", "", machine, domains, List.of(), List.of(), true, List.of(), List.of());
    return new Setting(scenario, manners, interleaves);
  }

  private static String name(int index) {
    return String.valueOf((char) ('A' + index));
  }

  private static DomainSetup domain(int index, long base, int version, DriverVersion driver, Dice dice) {
    int vcpus = 1 + (dice.oneIn(3) ? 1 : 0);
    DomainSetup.Grants grants = new DomainSetup.Grants(dice.of(2, 1, 4), dice.of(2, 1, 4), version);
    List<Long> regions = dice.oneIn(4) || has(driver, DriverDifference.NO_REGIONS) ? List.of() : List.of((long) REGION);
    DomainSetup.Driver own = new DomainSetup.Driver(driver, Math.min(grants.frames(), dice.of(1, 1, 2)), regions, false, 4 + dice.below(4));
    return new DomainSetup(name(index), Place.NOWHERE, index + 1, vcpus, false, false, RAM, OptionalLong.empty(),
        OptionalLong.of(base), false, DomainSetup.Special.NOTHING, grants, own);
  }

  /** Now and then a control domain, which may be the hardware domain, too. */
  private static DomainSetup special(DomainSetup domain, Dice dice) {
    boolean privileged = dice.oneIn(4);
    boolean hardware = dice.below(2) == 1 && privileged;
    DomainSetup.Special special = new DomainSetup.Special(hardware, "", OptionalLong.empty(), false, false, List.of());
    return domain.withPrivilege(privileged).withSpecial(special);
  }

  private static boolean has(DriverVersion driver, DriverDifference difference) {
    return difference.isIn(driver);
  }

  /** Settings that are plainer than this one by one thing, those first that leave out most. The plainest has none. */
  public List<Setting> plainer() {
    List<Setting> plainer = new ArrayList<>();
    List<DomainSetup> domains = scenario.domains();
    if (domains.size() > 2) {
      plainer.add(with(domains.subList(0, domains.size() - 1)));
    }
    if (interleaves) {
      plainer.add(new Setting(scenario, manners, false));
    }
    if (hasVersion2() && GrantOptions.of(scenario.machine().semantics()).maxVersion() == 1) {
      plainer.add(with(domains.stream().map(Setting::withVersion1).toList()));
    }
    for (int i = 0; i < domains.size(); i++) {
      plainer(i, plainer);
    }
    return plainer;
  }

  private void plainer(int index, List<Setting> plainer) {
    DomainSetup domain = scenario.domains().get(index);
    DomainSetup.Driver driver = domain.driver();
    DomainSetup.Driver preset = new DomainSetup.Driver(driver.version(), 1, DomainSetup.Driver.PRESET.regions(), false, 0);
    List<DomainSetup> changed = List.of(
        domain.withVcpus(1),
        domain.withSpecial(DomainSetup.Special.NOTHING),
        domain.withSpecial(DomainSetup.Special.NOTHING).withPrivilege(false),
        domain.withDriver(preset),
        domain.withDriver(new DomainSetup.Driver(driver.version(), 1, driver.regions(), false, 0)),
        domain.withDriver(new DomainSetup.Driver(driver.version(), 1, driver.regions(), false, driver.heap())),
        domain.withGrants(new DomainSetup.Grants(PRESET_FRAMES, PRESET_MAPTRACK, domain.grants().version())),
        scenario.machine().semantics().has(Difference.VERSION_PER_DOMAIN) ? withVersion1(domain) : domain);
    for (DomainSetup other : changed) {
      boolean fits = !has(driver.version(), DriverDifference.NO_REGIONS) || other.driver().regions().isEmpty();
      if (!other.equals(domain) && fits) {
        List<DomainSetup> domains = new ArrayList<>(scenario.domains());
        domains.set(index, other);
        plainer.add(with(domains));
      }
    }
    if (domain.machineBase().isPresent()) {
      plainer.add(new Setting(scenario.with(PLAIN_MACHINE_PAGES, withoutBases()), manners, interleaves));
    }
  }

  private boolean hasVersion2() {
    return scenario.domains().stream().anyMatch(domain -> domain.grants().version() == 2);
  }

  private static DomainSetup withVersion1(DomainSetup domain) {
    return domain.withGrants(new DomainSetup.Grants(domain.grants().frames(), domain.grants().maptrack(), 1));
  }

  private List<DomainSetup> withoutBases() {
    return scenario.domains().stream().map(domain -> domain.withMachineBase(OptionalLong.empty())).toList();
  }

  private Setting with(List<DomainSetup> domains) {
    return new Setting(scenario.with(scenario.machine().pages(), domains), manners.subList(0, domains.size()), interleaves);
  }

  /** How the domain behaves whose vCPU that is. */
  public Manner manner(int actor) {
    int left = actor;
    for (int i = 0; i < manners.size(); i++) {
      left -= scenario.domains().get(i).vcpus();
      if (left < 0) {
        return manners.get(i);
      }
    }
    throw new IllegalArgumentException("there is no actor " + actor);
  }

  /**
   * Who an actor of this setting is in another one with as many domains or fewer: the same vCPU of the same domain, or its first one where it
   * has fewer; the toolstack is the toolstack. Whose domain is not there has the number that it had.
   *
   * @param actor any number, as in a {@link Move}
   */
  public int actorIn(Setting other, int actor) {
    int left = Math.floorMod(actor, actors() + 1);
    if (left == actors()) {
      return other.actors();
    }
    int first = 0;
    for (int i = 0; i < other.manners.size(); i++) {
      int vcpus = scenario.domains().get(i).vcpus();
      int there = other.scenario.domains().get(i).vcpus();
      if (left < vcpus) {
        return first + (left < there ? left : 0);
      }
      left -= vcpus;
      first += there;
    }
    return actor;
  }

  /** How the domain with that id behaves. */
  public Manner mannerOf(int domid) {
    for (int i = 0; i < manners.size(); i++) {
      if (scenario.domains().get(i).id() == domid) {
        return manners.get(i);
      }
    }
    throw new IllegalArgumentException("there is no domain " + domid);
  }

  /**
   * Whether the guest of that domain is held to an invariant of guests: only who uses Xenarium's driver as it asks is held to anything. Without
   * regions each cycle of get_pages and put_pages costs a page (D-Z7).
   */
  public boolean isHeldTo(int domid, GuestInvariant invariant) {
    boolean losesPages = invariant == GuestInvariant.G6 && domain(domid).driver().regions().isEmpty();
    return mannerOf(domid) == Manner.DRIVER && !losesPages;
  }

  /** The setup of the domain with that id. */
  public DomainSetup domain(int domid) {
    return scenario.domains().stream().filter(domain -> domain.id() == domid).findFirst().orElseThrow();
  }

  /** Whether the domain's driver has that difference from what is promised. */
  public boolean has(int domid, DriverDifference difference) {
    return has(domain(domid).driver().version(), difference);
  }

  /** How many vCPUs there are. */
  public int actors() {
    return scenario.domains().stream().mapToInt(DomainSetup::vcpus).sum();
  }
}
