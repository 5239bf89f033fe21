package org.xenarium.gnttab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.GRANTED;
import static org.xenarium.gnttab.kit.Bench.HOLE;
import static org.xenarium.gnttab.kit.Bench.PLACE;
import static org.xenarium.gnttab.kit.Bench.TABLE;
import static org.xenarium.gnttab.kit.End.frameOf;
import static org.xenarium.gnttab.kit.End.grant;
import static org.xenarium.gnttab.kit.End.own;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.gnttab.kit.Answer;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.Guest;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Reply;
import org.xenarium.gnttab.kit.Struct;

/** Test vectors T19 to T40 of spec §12: everything else. */
class TestVectors19To40Test extends OnBench {
  @Test
  @DisplayName("T19 a copy of no bytes succeeds whatever else it says")
  void t19() {
    assertThat(b.copy(frameOf(0x7ff3, -1).at(0xffff), grant(77, 0xffffffff).at(0xffff), 0).status()).isZero();
  }

  @Test
  @DisplayName("T20 a copy over the end of the page is a bad argument, found after the claims; flags go back")
  void t20() {
    assertThat(b.copy(grant(A, 8).at(4090), own(0x40020), 10).status()).isEqualTo(-10);
    assertThat(f()).isEqualTo(0x0001);
  }

  @Test
  @DisplayName("T21 a copy with a bad reference and a bad length reports the reference")
  void t21() {
    assertThat(b.copy(grant(A, 512), own(0x40020), 0xffff).status()).isEqualTo(-3);
  }

  @Test
  @DisplayName("T22 a copy source by frame of another domain is denied")
  void t22() {
    assertThat(b.copy(frameOf(A, GRANTED), own(0x40020), 16).status()).isEqualTo(-8);
  }

  @Test
  @DisplayName("T23 a copy source stays claimed until the batch ends")
  void t23() {
    Struct[] structs = {Struct.copy(grant(A, 8), own(0x40020), 16), Struct.copy(grant(A, 8), own(0x40021), 16)};
    b.issue(structs);
    do {
      b.step();
    } while (b.reply(structs).get(0).status() == Struct.UNWRITTEN);
    assertThat(f()).isEqualTo(0x0009);
    while (b.reply(structs).get(1).status() == Struct.UNWRITTEN) {
      assertThat(f()).isEqualTo(0x0009);
      b.step();
    }
    b.finish();
    b.reply(structs).says(0, 0);
    assertThat(f()).isEqualTo(0x0001);
  }

  @Test
  @DisplayName("T24 a frame that holds a grant mapping of another domain is no endpoint of a copy")
  void t24() {
    b.map(A, 8, RW, PLACE);
    assertThat(b.copy(own(HOLE), own(0x40020), 16).status()).isEqualTo(-9);
    assertThat(b.copy(own(0x40020), own(HOLE), 16).status()).isEqualTo(-9);
  }

  @Test
  @DisplayName("T25 an array that runs into an unmapped page faults there; what is before it is done")
  void t25() {
    long address = ((Bench.RAM + 64) << 12) - 64;
    Reply reply = b.batchAt(address, Struct.map(A, 8, RO, place(0)), Struct.map(A, 8, RO, place(1)), Struct.map(A, 8, RO, place(2)));
    assertThat(reply.rc()).isEqualTo(-14);
    assertThat(reply.get(0).status()).isZero();
    assertThat(reply.get(1).status()).isZero();
    assertThat(bench.readPins(A, 8)).isEqualTo(2);
  }

  @Test
  @DisplayName("T26 a negative count, stray command bits, dump_table and an unknown command fail as a whole")
  void t26() {
    assertThat(b.raw(0, 0, -1).rc()).isEqualTo(-22);
    assertThat(b.raw(0x1000, 0, 1).rc()).isEqualTo(-22);
    assertThat(b.raw(3, 0, 1).rc()).isEqualTo(-38);
    assertThat(b.raw(13, 0, 1).rc()).isEqualTo(-38);
  }

  @Test
  @DisplayName("T27 transfer is not supported, not even of nothing")
  void t27() {
    assertThat(b.raw(4, 0, 0).rc()).isEqualTo(-95);
  }

  @Test
  @DisplayName("T28 set_version accepts 1 only and writes 1 back in any case")
  void t28() {
    Answer two = b.call(Struct.setVersion(2));
    assertThat(two.rc()).isEqualTo(-38);
    assertThat(two.intAt(0)).isEqualTo(1);
    assertThat(b.call(Struct.setVersion(1)).rc()).isZero();
    Answer three = b.call(Struct.setVersion(3));
    assertThat(three.rc()).isEqualTo(-22);
    assertThat(three.intAt(0)).isEqualTo(1);
  }

  @Test
  @DisplayName("T29 setup_table of frames that are nowhere mapped lists all-ones and grows the table")
  void t29() {
    long list = b.arguments() + 0x100;
    Answer setup = b.call(Struct.setupTable(DomId.SELF, 2, list));
    assertThat(setup.rc()).isZero();
    assertThat(setup.status()).isZero();
    assertThat(b.load(list, 8)).isEqualTo(-1);
    assertThat(b.load(list + 8, 8)).isEqualTo(-1);
    assertThat(bench.table(B).frameCount()).isEqualTo(2);
  }

  @Test
  @DisplayName("T30 a grant frame can be added to the physmap once")
  void t30() {
    assertThat(b.memory().addGrantFrame(0, TABLE)).isZero();
    assertThat(b.memory().addGrantFrame(0, TABLE)).isEqualTo(-16);
  }

  @Test
  @DisplayName("T31 a foreign grant mapping cannot be removed from the physmap")
  void t31() {
    b.map(A, 8, RW, PLACE);
    assertThat(b.memory().removeFromPhysmap(HOLE)).isEqualTo(-2);
    assertThat(bench.type(B, HOLE)).isEqualTo(EntryType.GRANT_MAP_RW);
  }

  @Test
  @DisplayName("T32 decrease_reservation stops at the first hole and returns how far it came")
  void t32() {
    assertThat(b.memory().decrease(0x40020, HOLE, 0x40021)).isEqualTo(1);
    assertThat(bench.mfn(B, 0x40021)).isNotEqualTo(-1);
  }

  @Test
  @DisplayName("T33 a page that A frees while B maps it counts for A until B unmaps it")
  void t33() {
    b.map(A, 8, RW, PLACE);
    long before = a.memory().currentReservation();
    assertThat(a.memory().decrease(0x40010)).isEqualTo(1);
    assertThat(a.memory().currentReservation()).isEqualTo(before);
    b.unmap(PLACE, 0);
    assertThat(a.memory().currentReservation()).isEqualTo(before - 1);
  }

  @Test
  @DisplayName("T34 A dies while B maps: B may map again and not copy; with B's last unmap domain 1 is gone")
  void t34() {
    b.map(A, 8, RW, place(0));
    bench.machine().destroyDomain(A);
    assertThat(b.map(A, 8, RW, place(1)).status()).isZero();
    assertThat(b.copy(grant(A, 8), own(0x40020), 16).status()).isEqualTo(-2);
    b.batch(Struct.unmap(place(0), 0), Struct.unmap(place(1), 1)).says(0, 0);
    assertThat(bench.isListed(A)).isFalse();
    assertThat(b.map(A, 8, RW, PLACE).status()).isEqualTo(-2);
  }

  @Test
  @DisplayName("T35 an entry can be swapped with itself when pinned, with another one only when free")
  void t35() {
    a.entry(9, 0x0005, 3, 0x40011);
    b.map(A, 8, RW, PLACE);
    assertThat(a.swap(8, 8).status()).isZero();
    assertThat(a.swap(8, 9).status()).isEqualTo(-12);
    b.unmap(PLACE, 0);
    assertThat(a.swap(8, 9).status()).isZero();
    assertThat(a.load(0x38000000L + 8 * 8, 8)).isEqualTo(0x40011_0003_0005L);
    assertThat(a.load(0x38000000L + 8 * 9, 8)).isEqualTo(0x40010_0002_0001L);
  }

  @Test
  @DisplayName("T36 cache_flush by reference does not exist")
  void t36() {
    assertThat(b.call(Struct.flush(bench.dev(B, 0x40020), 0, 64, 0x80000001)).rc()).isEqualTo(-22);
  }

  @Test
  @DisplayName("T37 under silo two unprivileged domains cannot share; no handle is used up and the entry is unchanged")
  void t37() {
    startFrom(Bench.setup().policy(SecurityPolicy.SILO).start());
    assertThat(b.map(A, 8, RW, PLACE).status()).isEqualTo(-8);
    assertThat(f()).isEqualTo(0x0001);
    b.memory().addGrantFrame(0, TABLE);
    b.grant(8, B, GRANTED);
    assertThat(b.map(B, 8, RW, PLACE).handle()).isZero();
  }

  @Test
  @DisplayName("T38 a store through a read-only mapping never completes")
  void t38() {
    b.map(A, 8, RO, PLACE);
    b.store(PLACE, 8, 0x1234);
    assertThat(b.vcpu().isStuck()).isTrue();
    b.issue(Struct.setVersion(1));
    assertThat(b.isEnabled()).isFalse();
    assertThat(a.load(GRANTED << 12, 8)).isZero();
  }

  @Test
  @DisplayName("T39 populate_physmap fails by doing nothing: an unreadable struct, an order beyond a guest's limit")
  void t39() {
    assertThat(b.memory().callAt(MemoryAbi.POPULATE_PHYSMAP, PLACE)).isZero();
    assertThat(b.memory().populate(10, HOLE)).isZero();
  }

  @Test
  @DisplayName("T40 two vCPUs that map in turn take handles from a frame each")
  void t40() {
    startFrom(Bench.setup().vcpus(B, 2).start());
    Guest other = bench.guest(B, 1);
    assertThat(b.map(A, 8, RW, place(0)).handle()).isZero();
    assertThat(other.map(A, 8, RW, place(1)).handle()).isEqualTo(256);
    assertThat(b.map(A, 8, RW, place(2)).handle()).isEqualTo(1);
    assertThat(other.map(A, 8, RW, place(3)).handle()).isEqualTo(257);
  }
}
