package org.xenarium.scenarios.campaign;

import java.util.List;
import java.util.Optional;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.gnttab.driver.DriverVersion;
import org.xenarium.gnttab.table.GrantTable;

/** Campaigns that tests can afford, and properties that hold always or seldom. */
final class SmallCampaign {
  static final Semantics XEN = new Semantics(Release.V4_23_DEV, SecurityPolicy.DUMMY);

  /** Holds in every run. */
  static final Property TRUE = Property.of("true", "nothing is asked", machine -> Optional.empty());

  /** Does not hold: guests do map pages. */
  static final Property NOBODY_MAPS = Property.of("nobody-maps", "no handle is in use", SmallCampaign::mapping);

  /** Does not hold: domains die. */
  static final Property NOBODY_GOES = Property.of("nobody-goes", "domain 2 is there", SmallCampaign::gone);

  static final List<Property> BOTH = List.of(NOBODY_MAPS, NOBODY_GOES);

  private SmallCampaign() {}

  private static Optional<String> mapping(Machine machine) {
    for (Domain domain : machine.world().domains()) {
      GrantTable table = GrantTable.of(domain);
      for (int handle = 0; handle < table.maptrack().limit(); handle++) {
        if (table.maptrack().isLive(handle)) {
          return Optional.of("domain " + domain.id() + " has handle " + handle);
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> gone(Machine machine) {
    return machine.world().domain(2) == null ? Optional.of("domain 2 is gone") : Optional.empty();
  }

  /** Some runs of 40 moves, or a shard of them. */
  static CampaignOptions options(long runs, int shard, int shards, List<Property> properties, int maxViolations) {
    return new CampaignOptions(
        7, runs, 40, shard, shards, XEN, DriverVersion.CONTRACT, properties.stream().map(Property::name).toList(), maxViolations);
  }

  /** The campaign, played to its end. */
  static CampaignState played(CampaignOptions options, List<Property> properties, int threads) throws InterruptedException {
    CampaignState state = new CampaignState();
    new Campaign(options, properties, List.of()).run(state, threads, () -> false, now -> {});
    return state;
  }
}
