package org.xenarium.scenarios.property;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.arbitraries.ArbitraryDecorator;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.gnttab.driver.DriverVersion;
import org.xenarium.scenarios.script.DomainSetup;
import org.xenarium.scenarios.vocabulary.Manner;
import org.xenarium.scenarios.vocabulary.Setting;

/**
 * Settings: two or three domains with small tables, so that limits are met. What is asked for here is the same in all of them; the rest is
 * drawn, and becomes as plain as it can be where something does not hold.
 */
public final class SettingArbitrary extends ArbitraryDecorator<Setting> {
  /** Seeds that are tried for one setting. */
  private static final int TRIES = 10_000;

  private final Semantics semantics;
  private final DriverVersion driver;
  private final Predicate<Setting> wanted;
  private final UnaryOperator<Setting> change;

  private SettingArbitrary(Semantics semantics, DriverVersion driver, Predicate<Setting> wanted, UnaryOperator<Setting> change) {
    this.semantics = semantics;
    this.driver = driver;
    this.wanted = wanted;
    this.change = change;
  }

  static SettingArbitrary of(Semantics semantics) {
    return new SettingArbitrary(semantics, DriverVersion.CONTRACT, any -> true, setting -> setting);
  }

  /** On that Xen: release, profile, security policy, options and defects. */
  public SettingArbitrary on(Semantics other) {
    return new SettingArbitrary(other, driver, wanted, change);
  }

  /** With that driver in all domains. */
  public SettingArbitrary driver(DriverVersion version) {
    return new SettingArbitrary(semantics, version, wanted, change);
  }

  /** With so many domains: 2 or 3. */
  public SettingArbitrary domains(int count) {
    if (count < 2 || count > 3) {
      throw new IllegalArgumentException("there can be 2 domains or 3, not " + count);
    }
    return with(setting -> setting.scenario().domains().size() == count, setting -> setting);
  }

  /** With the first domain of the first of these manners, and so on; the last one is that of all others. */
  public SettingArbitrary manners(Manner first, Manner... others) {
    List<Manner> manners = new ArrayList<>(List.of(first));
    manners.addAll(List.of(others));
    return with(any -> true, setting -> {
      List<Manner> all = new ArrayList<>();
      for (int i = 0; i < setting.manners().size(); i++) {
        all.add(manners.get(Math.min(i, manners.size() - 1)));
      }
      return new Setting(setting.scenario(), all, setting.interleaves());
    });
  }

  /** With such manners only. */
  public SettingArbitrary mannersAmong(Manner first, Manner... others) {
    Set<Manner> allowed = EnumSet.of(first, others);
    return with(setting -> allowed.containsAll(setting.manners()), setting -> setting);
  }

  /** With tables of at most so many grant frames and so many maptrack frames in all domains. */
  public SettingArbitrary limits(int frames, int maptrack) {
    return domains(domain -> domain.withGrants(new DomainSetup.Grants(frames, maptrack, domain.grants().version())));
  }

  /** With one vCPU in each domain. */
  public SettingArbitrary oneVcpu() {
    return domains(domain -> domain.withVcpus(1));
  }

  /** With every call done before the next one begins. */
  public SettingArbitrary withoutInterleaving() {
    return with(any -> true, setting -> new Setting(setting.scenario(), setting.manners(), false));
  }

  private SettingArbitrary domains(UnaryOperator<DomainSetup> of) {
    return with(any -> true, setting -> {
      List<DomainSetup> domains = setting.scenario().domains().stream().map(of).toList();
      return new Setting(setting.scenario().with(setting.scenario().machine().pages(), domains), setting.manners(), setting.interleaves());
    });
  }

  private SettingArbitrary with(Predicate<Setting> also, UnaryOperator<Setting> then) {
    return new SettingArbitrary(semantics, driver, wanted.and(also), setting -> then.apply(change.apply(setting)));
  }

  /** Whether a setting is one that was asked for. */
  boolean allows(Setting setting) {
    return wanted.test(setting) && change.apply(setting).equals(setting);
  }

  @Override
  protected Arbitrary<Setting> arbitrary() {
    return Arbitraries.fromGenerator(random -> {
      PropertyRun.current().asks(this);
      for (int i = 0; i < TRIES; i++) {
        Setting setting = change.apply(Setting.drawn(semantics, driver, random.nextLong()));
        if (wanted.test(setting)) {
          return new ShrinkableSetting(setting, this);
        }
      }
      throw new IllegalStateException("no setting is as it is asked for");
    });
  }
}
