package org.xenarium.gnttab.race;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.abi.GntStatus.BAD_PAGE;
import static org.xenarium.gnttab.abi.GntStatus.GENERAL_ERROR;
import static org.xenarium.gnttab.abi.GntStatus.OKAY;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.C;
import static org.xenarium.gnttab.kit.Bench.GRANTED;
import static org.xenarium.gnttab.kit.Bench.HOLE;
import static org.xenarium.gnttab.kit.Bench.PLACE;
import static org.xenarium.gnttab.kit.End.grant;
import static org.xenarium.gnttab.kit.End.own;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.Access;
import org.xenarium.gnttab.kit.Answer;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Struct;
import org.xenarium.gnttab.rule.GrantRule;

/** The granter writes its entry while a map runs: races R1 to R8 and R17 of spec §8.3. Each tries every step to write before. */
class RacesWithStoresTest extends OnBench {
  private static final Struct MAP = Struct.map(A, 8, RW, PLACE);

  /** One act of the granter; what it returns tells what happened. */
  private interface Act {
    boolean perform();
  }

  /** What became of the act and of the map. */
  private record Outcome(boolean acted, Answer map) {}

  /** The act falls before step {@code at} of the map; null when the map has no so many steps. */
  private Outcome race(int at, Act act) {
    b.issue(MAP);
    for (int i = 0; i < at; i++) {
      if (b.vcpu().call() == null && !b.vcpu().atHypercall()) {
        return null;
      }
      b.step();
    }
    boolean acted = act.perform();
    b.finish();
    return new Outcome(acted, b.reply(MAP).get(0));
  }

  @Test
  @DisplayName("R1 either the granter's withdrawal by compare-and-swap succeeds or the map")
  void r1() {
    Set<String> seen = new TreeSet<>();
    for (int at = 0; ; at++, startFrom(Bench.start())) {
      Outcome outcome = race(at, () -> a.compareAndSetFlags(8, 0x0001, 0));
      if (outcome == null) {
        break;
      }
      int status = outcome.map().status();
      seen.add(outcome.acted() + " " + status);
      assertThat(outcome.acted()).as("withdrawn at step %d, map says %d", at, status).isEqualTo(status != OKAY);
    }
    assertThat(seen).containsExactly("false 0", "true -1");
  }

  @Test
  @DisplayName("R2 a withdrawal by a plain store can be overtaken by the map; later unmaps only clear bits")
  void r2() {
    Set<String> seen = new TreeSet<>();
    for (int at = 0; ; at++, startFrom(Bench.start())) {
      Outcome outcome = race(at, () -> set(0));
      if (outcome == null) {
        break;
      }
      int flags = f();
      if (outcome.map().status() == OKAY) {
        b.unmap(PLACE, outcome.map().handle()).says(OKAY, GrantRule.UNMAP_11);
      }
      assertThat(f()).isZero();
      seen.add(outcome.map().status() + " with flags " + flags);
    }
    assertThat(seen).containsExactly("-1 with flags 0", "0 with flags 0");
  }

  private boolean set(int flags) {
    a.setFlags(8, flags);
    return true;
  }

  @Test
  @DisplayName("R3 either the granter makes the entry read-only, seeing no writer, or a writable map succeeds")
  void r3() {
    Set<String> seen = new TreeSet<>();
    for (int at = 0; ; at++, startFrom(Bench.start())) {
      Outcome outcome = race(at, () -> (f() & 0x10) == 0 && set(f() | 4));
      if (outcome == null) {
        break;
      }
      seen.add(outcome.acted() + " " + outcome.map().status());
    }
    assertThat(seen).containsExactly("false 0", "true -1");
  }

  @Test
  @DisplayName("R4 a frame changed while the map runs is taken old or new and is stable from then on")
  void r4() {
    Set<Long> seen = new TreeSet<>();
    for (int at = 0; ; at++, startFrom(Bench.start())) {
      Outcome outcome = race(at, () -> setFrame(GRANTED + 1));
      if (outcome == null) {
        break;
      }
      long frame = outcome.map().says(OKAY, GrantRule.MAP_14).dev();
      seen.add(frame);
      assertThat(b.map(A, 8, RW, place(1)).dev()).isEqualTo(frame);
      assertThat(bench.table(A).active().mfn(8)).isEqualTo(frame >>> 12);
    }
    assertThat(seen).containsExactlyInAnyOrder(bench.dev(A, GRANTED), bench.dev(A, GRANTED + 1));
  }

  private boolean setFrame(long frame) {
    a.setFrame(8, frame);
    return true;
  }

  @Test
  @DisplayName("R4 the frame is read after the entry is marked")
  void r4AfterMarking() {
    b.issue(MAP);
    b.stepTo("FRAME");
    assertThat(f()).isEqualTo(0x0019);
    a.setFrame(8, GRANTED + 1);
    b.finish();
    assertThat(b.reply(MAP).get(0).dev()).isEqualTo(bench.dev(A, GRANTED + 1));
  }

  @Test
  @DisplayName("R5 an entry that changes before each of five attempts is unstable; after four it can still be mapped")
  void r5() {
    for (int lost = 0; lost <= 5; lost++, startFrom(Bench.start())) {
      b.issue(MAP);
      b.stepTo("CAS");
      for (int i = 1; i <= lost; i++) {
        a.setFlags(8, 1 | i << 9);
        b.step();
      }
      b.finish();
      Answer map = b.reply(MAP).get(0);
      if (lost < 5) {
        map.says(OKAY, GrantRule.MAP_14);
        assertThat(f()).isEqualTo(0x19 | lost << 9);
      } else {
        map.says(GENERAL_ERROR, GrantRule.MAP_08D);
        assertThat(f()).as("the last value the guest wrote").isEqualTo(0x1 | 5 << 9);
        assertThat(bench.table(B).maptrack().tail(0)).as("the handle went back").isZero();
      }
    }
  }

  @Test
  @DisplayName("R5 holds for copies too")
  void r5Copy() {
    Struct copy = Struct.copy(grant(A, 8), own(OWN), 8);
    b.issue(copy);
    b.stepTo("CLAIM_SOURCE");
    b.step();
    for (int i = 1; i <= 5; i++) {
      a.setFlags(8, 1 | i << 9);
      b.step();
    }
    b.finish();
    b.reply(copy).get(0).says(GENERAL_ERROR, GrantRule.CLAIM_04D);
    assertThat(f()).isEqualTo(1 | 5 << 9);
  }

  @Test
  @DisplayName("R5 after a lost attempt the value found is judged anew")
  void r5Judged() {
    int[][] changes = {{0x0000, B}, {0x0101, B}, {0x0001, C}, {0x0005, B}};
    GrantRule[] rules = {GrantRule.MAP_08A, GrantRule.MAP_08A, GrantRule.MAP_08B, GrantRule.MAP_08C};
    for (int i = 0; i < rules.length; i++, startFrom(Bench.start())) {
      b.issue(MAP);
      b.stepTo("CAS");
      a.entry(8, changes[i][0], changes[i][1], GRANTED);
      b.finish();
      b.reply(MAP).get(0).says(GENERAL_ERROR, rules[i]);
      assertThat(f()).isEqualTo(changes[i][0]);
    }
  }

  @Test
  @DisplayName("R6 the marks of a map that fails later come and go")
  void r6() {
    a.setFrame(8, HOLE);
    b.issue(MAP);
    b.stepTo("FRAME");
    assertThat(f()).isEqualTo(0x0019);
    b.step();
    assertThat(f()).isEqualTo(0x0001);
    b.finish();
    b.reply(MAP).get(0).says(BAD_PAGE, GrantRule.MAP_09);
  }

  @Test
  @DisplayName("R7 the mapper's other vCPU sees the page before the status is written")
  void r7() {
    startFrom(Bench.setup().vcpus(B, 2).start());
    a.store(GRANTED << 12, 8, 42);
    b.issue(MAP);
    b.stepTo("PUBLISH");
    assertThat(b.reply(MAP).get(0).status()).isEqualTo(Struct.UNWRITTEN);
    assertThat(bench.guest(B, 1).load(PLACE, 8)).isEqualTo(42);
  }

  @Test
  @DisplayName("R8 the granter sees writing before the mapper can write")
  void r8() {
    b.issue(MAP);
    b.stepTo("INSERT");
    assertThat(f()).isEqualTo(0x0019);
    assertThat(b.vcpu().access(PLACE, true)).isEqualTo(Access.ABORT);
    b.step();
    assertThat(b.vcpu().access(PLACE, true)).isEqualTo(Access.DONE);
  }

  @Test
  @DisplayName("R17 a page given back while the map runs is pinned in time, or the map finds a bad page")
  void r17() {
    Set<Integer> seen = new TreeSet<>();
    for (int at = 0; ; at++, startFrom(Bench.start())) {
      long mfn = bench.mfn(A, GRANTED);
      Outcome outcome = race(at, () -> a.memory().decrease(GRANTED) == 1);
      if (outcome == null) {
        break;
      }
      int status = outcome.map().status();
      seen.add(status);
      assertThat(bench.references(mfn)).isEqualTo(status == OKAY ? 1 : 0);
    }
    assertThat(seen).containsExactly(BAD_PAGE, OKAY);
  }
}
