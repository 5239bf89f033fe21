package org.xenarium.scenarios.claim;

import static org.xenarium.gnttab.table.Pins.hostReads;
import static org.xenarium.gnttab.table.Pins.hostWrites;

import com.google.common.collect.ImmutableList;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Life;
import org.xenarium.gnttab.driver.DriverRule;
import org.xenarium.gnttab.driver.GrantDriver;
import org.xenarium.gnttab.rule.GrantRule;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.Maptrack;
import org.xenarium.scenarios.campaign.Sometimes;
import org.xenarium.scenarios.script.DomainSetup;
import org.xenarium.scenarios.vocabulary.Run;

/** What is to happen in some runs of a campaign, so that the properties were put to the test where it is interesting. */
public final class Occurrences {
  private static final ImmutableList<Sometimes> ALL =
      ImmutableList.of(
          new WaiterWoken(),
          new ByState("a guest has no free reference", run -> isSoOfAny(run, Occurrences::waits)),
          ByRule.of("a table has all frames that it may have", GrantRule.SETUP_03),
          ByRule.of("a maptrack is full", GrantRule.MAP_05, GrantRule.MAP_05B),
          new PinChange("an entry pinned for reading is pinned for writing, too", (old, now) -> isReadOnly(old) && hostWrites(now) > 0 ? 1 : 0),
          new PinChange("the last write pin of an entry goes and read pins stay", (old, now) -> hostWrites(old) > 0 && isReadOnly(now) ? 1 : 0),
          new PinChange("an entry is pinned more than once", (old, now) -> now != 0 && hostReads(now) + hostWrites(now) > 1 ? 1 : 0),
          new MapRace(),
          new BatchPreempted(),
          ByRule.of("a page is out for the moment", GrantRule.MAP_15),
          ByRule.of("a driver gives up after its last retry", DriverRule.MAPREF_07),
          ByRule.of("an entry changes while it is being marked", GrantRule.MAP_08D, GrantRule.CLAIM_04D),
          ByRule.of("end_access is refused because the grant is in use", DriverRule.ENDACC_03, DriverRule.ENDACC_06, DriverRule.ENDACC_08),
          ByRule.of("map_refs is refused because a mapping exists", DriverRule.MAPREF_03),
          ByRule.of("pages could not be got or given back", DriverRule.GETPG_04, DriverRule.GETPG_05, DriverRule.PUTPG_04, DriverRule.PUTPG_05),
          new ByState("a domain is dead and still listed", run -> isSoOfAny(run, domain -> domain.life() == Life.DEAD)),
          new ByState("a domain dies with live handles", run -> isSoOfAny(run, domain -> isDying(domain) && hasHandles(domain))),
          new ByState("a domain dies whose pages are mapped", run -> isSoOfAny(run, domain -> isDying(domain) && isMapped(domain))),
          ByRule.of("a table switches its version", GrantRule.SETVER_10),
          new ByState("a table of version 2 is in use", run -> isSoOfAny(run, domain -> GrantTable.of(domain).version() == 2 && isMapped(domain))),
          ByRule.of("a version cannot be switched because of pins", GrantRule.SETVER_05),
          ByRule.of("arguments cannot be read", GrantRule.MAP_F1, GrantRule.UNMAP_F3, GrantRule.COPY_F5, GrantRule.SWAP_F7R));

  private Occurrences() {}

  /** All of them. */
  public static ImmutableList<Sometimes> all() {
    return ALL;
  }

  private interface Question {
    boolean isSo(Domain domain);
  }

  private static boolean isSoOfAny(Run run, Question question) {
    for (DomainSetup setup : run.stage().domains()) {
      Domain domain = run.stage().machine().world().domain(setup.id());
      if (domain != null && question.isSo(domain)) {
        return true;
      }
    }
    return false;
  }

  private static boolean waits(Domain domain) {
    return GrantDriver.of(domain).semaphore().waiting() > 0;
  }

  private static boolean isReadOnly(int pin) {
    return pin != 0 && hostWrites(pin) == 0;
  }

  private static boolean isDying(Domain domain) {
    return domain.life() == Life.DYING;
  }

  private static boolean hasHandles(Domain domain) {
    Maptrack maptrack = GrantTable.of(domain).maptrack();
    for (int handle = 0; handle < maptrack.limit(); handle++) {
      if (maptrack.isLive(handle)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isMapped(Domain domain) {
    return GrantTable.of(domain).active().nextPinned(0) >= 0;
  }
}
