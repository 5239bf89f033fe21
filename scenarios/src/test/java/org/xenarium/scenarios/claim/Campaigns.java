package org.xenarium.scenarios.claim;

import java.util.List;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.gnttab.driver.DriverVersion;
import org.xenarium.scenarios.campaign.Campaign;
import org.xenarium.scenarios.campaign.CampaignOptions;
import org.xenarium.scenarios.campaign.CampaignState;
import org.xenarium.scenarios.campaign.Property;
import org.xenarium.scenarios.campaign.Sometimes;
import org.xenarium.scenarios.campaign.Violated;

/** Small campaigns. */
final class Campaigns {
  private static final int MOVES = 200;

  private Campaigns() {}

  static CampaignState play(DriverVersion driver, int runs, List<Property> properties, List<Sometimes> sometimes) throws InterruptedException {
    return play(driver, 1, runs, properties, sometimes);
  }

  static CampaignState play(DriverVersion driver, long seed, int runs, List<Property> properties, List<Sometimes> sometimes) throws InterruptedException {
    return play(driver, seed, runs, properties, sometimes, 20);
  }

  /** What is found first. */
  static Violated first(DriverVersion driver, int runs, List<Property> properties) throws InterruptedException {
    return play(driver, 1, runs, properties, List.of(), 1).violations().get(0);
  }

  private static CampaignState play(DriverVersion driver, long seed, int runs, List<Property> properties, List<Sometimes> sometimes, int most)
      throws InterruptedException {
    CampaignState state = new CampaignState();
    new Campaign(options(driver, seed, runs, properties, most), properties, sometimes).run(state, 2, () -> false, any -> {});
    return state;
  }

  /** One that can be asked for the smallest cases. */
  static Campaign of(DriverVersion driver, int runs, List<Property> properties) {
    return new Campaign(options(driver, 1, runs, properties, 1), properties, List.of());
  }

  private static CampaignOptions options(DriverVersion driver, long seed, int runs, List<Property> properties, int most) {
    List<String> names = properties.stream().map(Property::name).distinct().toList();
    Semantics semantics = new Semantics(Release.V4_23_DEV, SecurityPolicy.DUMMY);
    return new CampaignOptions(seed, runs, MOVES, 1, 1, semantics, driver, names, most);
  }

  /** What a property finds in a few runs of that seed, by the short names of the findings. */
  static List<String> found(DriverVersion driver, long seed, int runs, String property) throws InterruptedException {
    return play(driver, seed, runs, Properties.named(List.of(property)), List.of()).violations().stream()
        .map(violated -> {
          if (!violated.finding().property().equals(property)) {
            throw new AssertionError(violated.finding() + " was told of another property than " + property);
          }
          return violated.finding().what();
        })
        .toList();
  }
}
