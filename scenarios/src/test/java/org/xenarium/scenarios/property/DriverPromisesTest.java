package org.xenarium.scenarios.property;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.MapLayout;
import org.xenarium.gnttab.driver.DriverVersion;
import org.xenarium.scenarios.vocabulary.Manner;
import org.xenarium.scenarios.vocabulary.Move;
import org.xenarium.scenarios.vocabulary.Setting;
import org.xenarium.scenarios.vocabulary.Vocabulary;

/** Each promise of a driver is broken by one that is made for it, and by that one only. */
class DriverPromisesTest {
  private static final Setting SETTING = plain();

  /** Two domains with drivers, as plain as can be. */
  private static Setting plain() {
    Setting setting = Setting.drawn(new Semantics(Release.V4_17, SecurityPolicy.DUMMY), DriverVersion.CONTRACT, 1);
    while (!setting.plainer().isEmpty()) {
      setting = setting.plainer().get(0);
    }
    return new Setting(setting.scenario(), List.of(Manner.DRIVER, Manner.DRIVER), false);
  }

  /** Grants without a look at what is granted already, and says what it likes of the end. */
  private static class Granting implements GuestDriver {
    private final int endsWith;

    Granting(int endsWith) {
      this.endsWith = endsWith;
    }

    @Override
    public GuestDriver copy() {
      return this;
    }

    @Override
    public int grantAccess(GuestApi guest, int domid, long gfn, boolean readonly) {
      guest.store(guest.entry(8) + 2, 2, domid);
      guest.store(guest.entry(8) + 4, 4, gfn);
      guest.store(guest.entry(8), 2, 1);
      return 8;
    }

    @Override
    public int endAccess(GuestApi guest, int ref) {
      guest.store(guest.entry(ref), 2, endsWith == 0 ? 1 : 0);
      return endsWith;
    }
  }

  /** Maps or does not, and gives each element a status. */
  private record Mapping(boolean maps, int status) implements GuestDriver {
    @Override
    public GuestDriver copy() {
      return this;
    }

    @Override
    public long getPages(GuestApi guest, int count) {
      return guest.regions().get(0).base();
    }

    @Override
    public int mapRefs(GuestApi guest, long array, int count) {
      if (maps) {
        guest.hypercall(GnttabOp.HYPERCALL, GnttabOp.MAP_GRANT_REF, array, count);
      }
      guest.store(array + MapLayout.STATUS, 2, status);
      return 0;
    }
  }

  private static Optional<String> broken(int domid, Supplier<GuestDriver> driver, Move... moves) {
    List<Move> all = new ArrayList<>(Vocabulary.standard().beginning(SETTING));
    all.addAll(List.of(moves));
    return Xenarium.in(SETTING).withDriver(domid, driver).counterexample(all).map(found -> found.finding().what());
  }

  private static Move move(int actor, String verb) {
    return new Move(actor, Vocabulary.standard().verb(verb));
  }

  @Test
  void g2_a_reference_is_handed_out_once() {
    assertThat(broken(1, () -> new Granting(0), move(0, "grant_access"))).isEmpty();
    assertThat(broken(1, () -> new Granting(0), move(0, "grant_access"), move(0, "grant_access"))).hasValue("G2");
  }

  @Test
  void g3_what_is_said_to_be_released_is_released() {
    assertThat(broken(1, () -> new Granting(0), move(0, "grant_access"), move(0, "end_access"))).hasValue("G3");
  }

  @Test
  void g3_what_is_said_to_be_in_use_is_in_use() {
    assertThat(broken(1, () -> new Granting(-16), move(0, "grant_access"), move(0, "end_access"))).hasValue("G3");
  }

  private static Optional<String> afterMap(Supplier<GuestDriver> driver) {
    return broken(2, driver, move(0, "grant_access"), move(1, "get_pages"), move(1, "map_refs"));
  }

  @Test
  void g4_a_mapping_that_is_told_of_is_there() {
    assertThat(afterMap(() -> new Mapping(true, 0))).isEmpty();
    assertThat(afterMap(() -> new Mapping(false, 0))).hasValue("G4");
  }

  @Test
  void g5_a_mapping_that_is_there_is_told_of() {
    assertThat(afterMap(() -> new Mapping(false, -1))).isEmpty();
    assertThat(afterMap(() -> new Mapping(true, -1))).hasValue("G5");
  }
}
