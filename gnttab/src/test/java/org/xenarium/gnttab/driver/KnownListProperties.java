package org.xenarium.gnttab.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.BeforeTry;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.state.Mirror;

/** G1 of a list that is known and has changed a little, beside G1 of the list as a whole. */
class KnownListProperties {
  private Domain domain;
  private GrantDriver driver;
  private Mirror mirror;
  private KnownList known;
  private List<Integer> used;

  @BeforeTry
  void a_list_that_is_well() {
    domain = new DriverBench().granter().domain();
    driver = GrantDriver.of(domain);
    mirror = driver.list().mirror();
    known = new KnownList(driver);
    known.learn(true);
    used = new ArrayList<>();
  }

  private boolean holdsAsAWhole() {
    List<GuestViolation> violations = new ArrayList<>();
    GuestState.g1FreeList(domain, driver, violations, new GuestTests());
    return violations.isEmpty();
  }

  private void take() {
    if (driver.semaphore().take(1)) {
      used.add(driver.pop());
    }
  }

  private void give(int which) {
    if (!used.isEmpty()) {
      driver.list().push(used.remove(which % used.size()));
      driver.semaphore().give();
    }
  }

  /** One or two calls between looks. */
  @Property(tries = 200)
  void what_calls_do_is_found_well_without_a_look_at_the_whole(
      @ForAll @Size(min = 1, max = 60) List<@Size(max = 2) List<@IntRange(max = 9) Integer>> looks) {
    for (List<Integer> acts : looks) {
      for (int act : acts) {
        if (act < 5) {
          take();
        } else {
          give(act);
        }
      }
      mirror.look(known::changed);
      assertThat(known.holds()).isEqualTo(holdsAsAWhole()).isTrue();
    }
  }

  /** Pushes of what is free already, reserved or beyond, and pops that mark nothing or that nobody counts. */
  @Property(tries = 2000)
  void what_is_found_well_is_well(
      @ForAll @Size(min = 1, max = 8) List<@Size(max = 4) List<@IntRange(max = 30) Integer>> looks) {
    for (List<Integer> acts : looks) {
      acts.forEach(this::meddle);
      mirror.look(known::changed);
      boolean holds = holdsAsAWhole();
      if (known.holds()) {
        assertThat(holds).isTrue();
      } else {
        known.learn(holds);
      }
    }
  }

  private void meddle(int act) {
    switch (act) {
      case 0, 1, 2, 3, 4, 5, 6, 7 -> take();
      case 8, 9, 10, 11, 12, 13, 14 -> give(act);
      case 15 -> driver.list().pop(false);
      case 16 -> driver.pop();
      case 17 -> driver.list().push(driver.list().head());
      case 18 -> driver.list().push(600);
      case 19 -> driver.list().push(3);
      case 20 -> driver.semaphore().give();
      case 21 -> driver.semaphore().take(1);
      case 22 -> driver.list().push(driver.list().after(driver.list().head()));
      default -> driver.list().push(act - 16);
    }
  }
}
