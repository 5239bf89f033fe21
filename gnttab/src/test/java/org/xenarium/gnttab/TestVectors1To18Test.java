package org.xenarium.gnttab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.GRANTED;
import static org.xenarium.gnttab.kit.Bench.HOLE;
import static org.xenarium.gnttab.kit.Bench.PLACE;
import static org.xenarium.gnttab.kit.End.grant;
import static org.xenarium.gnttab.kit.End.own;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.gnttab.kit.Answer;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.Reply;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Struct;

/** Test vectors T1 to T18 of spec §12: map and unmap. */
class TestVectors1To18Test extends OnBench {
  @Test
  @DisplayName("T1 a writable map gives handle 0 and the machine address, and sets reading and writing")
  void t01() {
    Answer map = b.map(A, 8, RW, 0x50000000);
    assertThat(map.rc()).isZero();
    assertThat(map.status()).isZero();
    assertThat(map.handle()).isZero();
    assertThat(map.dev()).isEqualTo(bench.mfn(A, 0x40010) << 12);
    assertThat(f()).isEqualTo(0x0019);
    assertThat(bench.writePins(A, 8)).isEqualTo(1);
  }

  @Test
  @DisplayName("T2 after the unmap the flags and the physmap are as before, and the next map gets handle 1")
  void t02() {
    b.map(A, 8, RW, PLACE);
    assertThat(b.unmap(PLACE, 0).status()).isZero();
    assertThat(f()).isEqualTo(0x0001);
    assertThat(bench.type(B, HOLE)).isEqualTo(EntryType.HOLE);
    assertThat(b.map(A, 8, RW, PLACE).handle()).isEqualTo(1);
  }

  @Test
  @DisplayName("T3 two read-only maps at two places set reading only and count two read pins")
  void t03() {
    assertThat(b.map(A, 8, RO, place(0)).handle()).isZero();
    assertThat(b.map(A, 8, RO, place(1)).handle()).isEqualTo(1);
    assertThat(f()).isEqualTo(0x0009);
    assertThat(bench.readPins(A, 8)).isEqualTo(2);
  }

  @Test
  @DisplayName("T4 a map with neither host_map nor device_map is a bad reference and takes no handle")
  void t04() {
    assertThat(b.map(A, 8, 4, PLACE).status()).isEqualTo(-3);
    assertThat(b.map(A, 8, RW, PLACE).handle()).isZero();
  }

  @Test
  @DisplayName("T5 a device map is refused and takes no handle")
  void t05() {
    assertThat(b.map(A, 8, 3, PLACE).status()).isEqualTo(-1);
    assertThat(b.map(A, 8, RW, PLACE).handle()).isZero();
  }

  @Test
  @DisplayName("T6 a guest_avail bit is refused after pinning: flags go back, the handle is used up")
  void t06() {
    assertThat(b.map(A, 8, 0x10002, PLACE).status()).isEqualTo(-1);
    assertThat(f()).isEqualTo(0x0001);
    assertThat(b.map(A, 8, RW, PLACE).handle()).isEqualTo(1);
  }

  @Test
  @DisplayName("T7 reference 512 is beyond a table of one frame; the handle is used up")
  void t07() {
    assertThat(b.map(A, 512, RW, PLACE).status()).isEqualTo(-3);
    assertThat(b.map(A, 8, RW, PLACE).handle()).isEqualTo(1);
  }

  @Test
  @DisplayName("T8 DOMID_SELF is no granting domain; no handle is used up")
  void t08() {
    assertThat(b.map(0x7ff0, 8, RW, PLACE).status()).isEqualTo(-2);
    assertThat(b.map(A, 8, RW, PLACE).handle()).isZero();
  }

  @Test
  @DisplayName("T9 an entry that grants a hole is a bad page: flags go back, the handle is used up")
  void t09() {
    a.setFrame(8, HOLE);
    assertThat(b.map(A, 8, RW, PLACE).status()).isEqualTo(-9);
    assertThat(f()).isEqualTo(0x0001);
    a.setFrame(8, GRANTED);
    assertThat(b.map(A, 8, RW, PLACE).handle()).isEqualTo(1);
  }

  @Test
  @DisplayName("T10 a read-only entry refuses a writable map and allows a read-only one")
  void t10() {
    a.setFlags(8, 0x0005);
    assertThat(b.map(A, 8, RW, PLACE).status()).isEqualTo(-1);
    assertThat(b.map(A, 8, RO, PLACE).status()).isZero();
    assertThat(f()).isEqualTo(0x000d);
  }

  @Test
  @DisplayName("T11 an entry pinned for reading can be upgraded after the granter has zeroed it; the frame is the old one")
  void t11() {
    Answer first = b.map(A, 8, RO, place(0));
    a.setFlags(8, 0x0000);
    Answer second = b.map(A, 8, RW, place(1));
    assertThat(second.status()).isZero();
    assertThat(f()).isEqualTo(0x0018);
    assertThat(second.dev()).isEqualTo(first.dev());
  }

  @Test
  @DisplayName("T12 128 read-only maps fit, the 129th does not, a writable one has a counter of its own")
  void t12() {
    for (int i = 0; i < 128; i++) {
      assertThat(b.map(A, 8, RO, place(i)).status()).isZero();
    }
    assertThat(b.map(A, 8, RO, place(128)).status()).isEqualTo(-1);
    assertThat(b.map(A, 8, RW, place(129)).status()).isZero();
  }

  @Test
  @DisplayName("T13 an unmap with host_addr 0 reports okay and changes nothing; the handle stays live")
  void t13() {
    b.map(A, 8, RW, PLACE);
    assertThat(b.unmap(0, 0).status()).isZero();
    assertThat(f()).isEqualTo(0x0019);
    assertThat(bench.writePins(A, 8)).isEqualTo(1);
    assertThat(bench.type(B, HOLE)).isEqualTo(EntryType.GRANT_MAP_RW);
    assertThat(bench.table(B).maptrack().isLive(0)).isTrue();
  }

  @Test
  @DisplayName("T14 of two unmaps of one handle in a batch the second finds a bad handle")
  void t14() {
    b.map(A, 8, RW, PLACE);
    b.batch(Struct.unmap(PLACE, 0), Struct.unmap(PLACE, 0)).says(0, -4);
  }

  @Test
  @DisplayName("T15 in a batch of unmaps the first status is written before the flags are released")
  void t15() {
    for (int ref = 8; ref < 11; ref++) {
      a.grant(ref, B, GRANTED);
      b.map(A, ref, RW, place(ref));
    }
    Struct[] structs = {Struct.unmap(place(8), 0), Struct.unmap(place(9), 1), Struct.unmap(place(10), 2)};
    b.issue(structs);
    do {
      b.step();
    } while (b.reply(structs).get(0).status() == Struct.UNWRITTEN);
    assertThat(b.reply(structs).get(0).status()).isZero();
    assertThat(f()).isEqualTo(0x0019);
    b.finish();
    b.reply(structs).says(0, 0, 0);
    assertThat(f()).isEqualTo(0x0001);
  }

  @Test
  @DisplayName("T16 mapping and unmapping 257 times walks through all 256 handles and begins again")
  void t16() {
    for (int i = 0; i < 257; i++) {
      assertThat(b.map(A, 8, RW, PLACE).handle()).isEqualTo(i % 256);
      b.unmap(PLACE, i % 256);
    }
  }

  @Test
  @DisplayName("T17 256 maps without unmap get handles 0 to 254 and 256: 255 stays behind as the sentinel")
  void t17() {
    List<Struct> maps = manyMaps(256);
    Reply reply = b.batch(maps);
    assertThat(reply.handles().subList(0, 255)).containsExactlyElementsOf(IntStream.range(0, 255).boxed().toList());
    assertThat(reply.get(255).handle()).isEqualTo(256);
  }

  @Test
  @DisplayName("T18 with one maptrack frame 255 maps succeed and the next has no space")
  void t18() {
    startFrom(Bench.setup().limits(B, 64, 1).start());
    Reply reply = b.batch(manyMaps(256));
    assertThat(reply.statuses().subList(0, 255)).containsExactlyElementsOf(Collections.nCopies(255, 0));
    assertThat(reply.get(255).status()).isEqualTo(-13);
  }

  /** Maps of more entries than one counter could count. */
  private List<Struct> manyMaps(int count) {
    for (int i = 0; i < count; i++) {
      a.grant(8 + i, B, GRANTED);
    }
    return IntStream.range(0, count).mapToObj(i -> Struct.map(A, 8 + i, RW, place(i))).toList();
  }
}
