package org.xenarium.gnttab.race;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.abi.GntStatus.BAD_HANDLE;
import static org.xenarium.gnttab.abi.GntStatus.EAGAIN;
import static org.xenarium.gnttab.abi.GntStatus.OKAY;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.GRANTED;
import static org.xenarium.gnttab.kit.Bench.HOLE;
import static org.xenarium.gnttab.kit.Bench.PLACE;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.Guest;
import org.xenarium.gnttab.kit.Interleavings;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Struct;
import org.xenarium.gnttab.rule.GrantRule;

/** Calls of two vCPUs in every order of their steps: races R9 to R14 of spec §8.3. */
class RacesOfCallsTest extends OnBench {
  private Guest other;

  @BeforeEach
  void twoVcpus() {
    startFrom(Bench.setup().vcpus(B, 2).start());
    other = bench.guest(B, 1);
  }

  private static int status(Bench end, int domid, int vcpu, Struct struct) {
    return end.guest(domid, vcpu).reply(struct).get(0).status();
  }

  @Test
  @DisplayName("R9 of two unmaps of one handle exactly one succeeds, in every order")
  void r9() {
    b.map(A, 8, RW, PLACE);
    Struct unmap = Struct.unmap(PLACE, 0);
    b.issue(unmap);
    other.issue(unmap);
    int states =
        Interleavings.ofAll(
            bench,
            end -> {
              assertThat(List.of(status(end, B, 0, unmap), status(end, B, 1, unmap))).containsExactlyInAnyOrder(OKAY, BAD_HANDLE);
              assertThat(end.a().flags(8)).isEqualTo(0x0001);
              assertThat(end.references(end.mfn(A, GRANTED))).isEqualTo(1);
            },
            b,
            other);
    assertThat(states).isGreaterThan(40);
  }

  @Test
  @DisplayName("R10 two maps at one place both succeed and the last one is there")
  void r10() {
    a.grant(9, B, GRANTED + 1);
    Struct one = Struct.map(A, 8, RW, PLACE);
    Struct two = Struct.map(A, 9, RW, PLACE);
    b.issue(one);
    other.issue(two);
    b.stepTo("INSERT");
    other.stepTo("INSERT");
    Set<Long> seen = new TreeSet<>();
    Interleavings.ofAll(
        bench,
        end -> {
          assertThat(status(end, B, 0, one)).isEqualTo(OKAY);
          assertThat(status(end, B, 1, two)).isEqualTo(OKAY);
          assertThat(end.writePins(A, 8) + end.writePins(A, 9)).isEqualTo(2);
          seen.add(end.mfn(B, HOLE));
        },
        b,
        other);
    assertThat(seen).containsExactly(bench.mfn(A, GRANTED), bench.mfn(A, GRANTED + 1));
  }

  @Test
  @DisplayName("R11 a handle number can be in another mapping before the unmap that freed it has told so")
  void r11() {
    startFrom(Bench.setup().vcpus(B, 2).limits(B, 64, 1).start());
    other = bench.guest(B, 1);
    for (int i = 0; i < 255; i++) {
      a.grant(8 + i / 100, B, GRANTED);
      b.map(A, 8 + i / 100, RW, place(i)).says(OKAY, GrantRule.MAP_14);
    }
    Struct unmap = Struct.unmap(place(7), 7);
    b.issue(unmap);
    b.stepTo("COPY_OUT");
    other.unmap(place(9), 9).says(OKAY, GrantRule.UNMAP_11);
    assertThat(other.map(A, 8, RO, place(300)).says(OKAY, GrantRule.MAP_14).handle()).isEqualTo(7);
    assertThat(b.reply(unmap).get(0).status()).isEqualTo(Struct.UNWRITTEN);
    b.finish();
    b.reply(unmap).says(OKAY);
    assertThat(bench.readPins(A, 8)).isEqualTo(1);
    assertThat(bench.table(B).maptrack().isLive(7)).isTrue();
  }

  @Test
  @DisplayName("R12 after the status of an unmap in a batch the granter must still wait for its flags")
  void r12() {
    a.grant(9, B, GRANTED);
    b.map(A, 8, RW, place(0));
    b.map(A, 9, RW, place(1));
    Struct[] unmaps = {Struct.unmap(place(0), 0), Struct.unmap(place(1), 1)};
    b.issue(unmaps);
    b.stepTo("COPY_OUT");
    b.step();
    assertThat(b.reply(unmaps).get(0).status()).isEqualTo(OKAY);
    assertThat(a.compareAndSetFlags(8, 0x0001, 0)).as("withdrawn before the batch is through").isFalse();
    b.stepTo("SETTLE");
    b.step();
    assertThat(a.compareAndSetFlags(8, 0x0001, 0)).as("withdrawn after U5").isTrue();
    b.finish();
    assertThat(a.flags(9)).isEqualTo(0x0001);
  }

  @Test
  @DisplayName("R14 a swap comes before the pin, and then the map takes what was swapped in, or it must try again")
  void r14() {
    a.grant(9, B, GRANTED + 1);
    Struct map = Struct.map(A, 8, RW, PLACE);
    Struct swap = Struct.swap(8, 9);
    b.issue(map);
    a.issue(swap);
    Set<String> seen = new TreeSet<>();
    int states =
        Interleavings.ofAll(
            bench,
            end -> {
              assertThat(status(end, B, 0, map)).isEqualTo(OKAY);
              int swapped = status(end, A, 0, swap);
              long expected = swapped == OKAY ? GRANTED + 1 : GRANTED;
              assertThat(end.mfn(B, HOLE)).isEqualTo(end.mfn(A, expected));
              assertThat(end.a().flags(8)).isEqualTo(0x0019);
              assertThat(end.a().flags(9)).isEqualTo(0x0001);
              seen.add(swapped + "");
            },
            b,
            a);
    assertThat(seen).containsExactly("" + EAGAIN, "" + OKAY);
    assertThat(states).isGreaterThan(40);
  }

  @Test
  @DisplayName("a writable map and the unmap of the last read-only one leave a writer, in every order")
  void mapAndUnmap() {
    b.map(A, 8, RO, place(5));
    b.issue(Struct.map(A, 8, RW, place(0)));
    other.issue(Struct.unmap(place(5), 0));
    Interleavings.ofAll(
        bench,
        end -> {
          assertThat(end.writePins(A, 8)).isEqualTo(1);
          assertThat(end.readPins(A, 8)).isZero();
          assertThat(end.a().flags(8)).isEqualTo(0x0019);
          assertThat(end.references(end.mfn(A, GRANTED))).isEqualTo(2);
        },
        b,
        other);
  }
}
