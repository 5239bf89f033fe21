package org.xenarium.gnttab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.GRANTED;
import static org.xenarium.gnttab.kit.Bench.PAGES;
import static org.xenarium.gnttab.kit.Bench.PLACE;
import static org.xenarium.gnttab.kit.Bench.RAM;
import static org.xenarium.gnttab.kit.End.grant;
import static org.xenarium.gnttab.kit.End.own;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.gnttab.kit.Answer;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Reply;
import org.xenarium.gnttab.kit.Struct;
import org.xenarium.gnttab.rule.GrantRule;

/** Every source of -EFAULT of spec §10.3 that version 1 has in the batched operations, and what it leaves behind. */
class FaultsTest extends OnBench {
  private static final int EFAULT = -14;

  /** The last page of RAM; behind it is a hole. */
  private static final long LAST = RAM + PAGES - 1;

  /** An address from which on {@code bytes} bytes can be read and written and nothing behind them. */
  private static long beforeHole(int bytes) {
    return (LAST + 1 << 12) - bytes;
  }

  /** An address from which on {@code bytes} bytes can be read and written, and what is behind them can be read only. */
  private long beforeReadonly(int bytes) {
    bench.protect(b, LAST);
    return (LAST << 12) - bytes;
  }

  private void expectMapped(int count) {
    assertThat(bench.readPins(A, 8)).isEqualTo(count);
    for (int i = 0; i < 3; i++) {
      EntryType expected = i < count ? EntryType.GRANT_MAP_RO : EntryType.HOLE;
      assertThat(bench.type(B, (PLACE >> 12) + i)).isEqualTo(expected);
    }
  }

  private final Struct[] maps = {Struct.map(A, 8, RO, place(0)), Struct.map(A, 8, RO, place(1)), Struct.map(A, 8, RO, place(2))};
  private final Struct[] unmaps = {Struct.unmap(place(0), 0), Struct.unmap(place(1), 1), Struct.unmap(place(2), 2)};

  @Test
  @DisplayName("F1 map: when an element cannot be read, those before it are done and nothing else is")
  void f1() {
    Reply reply = b.batchAt(beforeHole(64), maps).returns(EFAULT, GrantRule.MAP_F1);
    assertThat(reply.rules()).containsExactly(GrantRule.MAP_14, GrantRule.MAP_14, null);
    expectMapped(2);
    assertThat(bench.table(B).maptrack().head(0)).as("no handle was taken for the third").isEqualTo(2);
  }

  @Test
  @DisplayName("F1 map: an element that straddles into a hole is not read, not even its first half")
  void f1Straddling() {
    b.batchAt(beforeHole(32 + 16), maps).returns(EFAULT, GrantRule.MAP_F1);
    expectMapped(1);
  }

  @Test
  @DisplayName("F2 map: when an element cannot be written back, it was performed and its handle is lost to the guest")
  void f2() {
    Reply reply = b.batchAt(beforeReadonly(32), maps).returns(EFAULT, GrantRule.MAP_F2);
    assertThat(reply.rules()).containsExactly(GrantRule.MAP_14, GrantRule.MAP_14, null);
    assertThat(reply.get(0).handle()).isZero();
    reply.get(1).isUntouched();
    reply.get(2).isUntouched();
    expectMapped(2);
    assertThat(bench.table(B).maptrack().isLive(1)).isTrue();
  }

  @Test
  @DisplayName("F2 map: an element that straddles into a read-only page is written as far as that page")
  void f2Straddling() {
    Reply reply = b.batchAt(beforeReadonly(22), maps).returns(EFAULT, GrantRule.MAP_F2);
    assertThat(reply.get(0).status()).isZero();
    assertThat(reply.get(0).handle()).as("low half of handle 0, high half as sent").isEqualTo(Struct.NO_HANDLE & 0xffff_0000);
    assertThat(reply.get(0).dev()).isEqualTo(Struct.NO_ADDRESS);
    expectMapped(1);
  }

  @Test
  @DisplayName("F3 unmap: when an element cannot be read, those before it are done, their pins released")
  void f3() {
    b.batch(maps);
    Reply reply = b.batchAt(beforeHole(48), unmaps).returns(EFAULT, GrantRule.UNMAP_F3);
    assertThat(reply.rules()).containsExactly(GrantRule.UNMAP_11, GrantRule.UNMAP_11, null);
    assertThat(bench.readPins(A, 8)).isEqualTo(1);
    assertThat(bench.table(B).maptrack().isLive(2)).isTrue();
  }

  @Test
  @DisplayName("F3 unmap: the pins of a second block are released too, although it is not full")
  void f3SecondBlock() {
    Struct[] many = new Struct[35];
    for (int i = 0; i < many.length; i++) {
      b.map(A, 8, RO, place(i));
      many[i] = Struct.unmap(place(i), i);
    }
    b.batchAt(beforeHole(34 * 24), many).returns(EFAULT, GrantRule.UNMAP_F3);
    assertThat(bench.readPins(A, 8)).isEqualTo(1);
    assertThat(bench.table(B).maptrack().isLive(34)).isTrue();
  }

  @Test
  @DisplayName("F4 unmap: when a status cannot be written, the element was performed and its pin is released")
  void f4() {
    b.batch(maps);
    Reply reply = b.batchAt(beforeReadonly(24 + 20), unmaps).returns(EFAULT, GrantRule.UNMAP_F4);
    assertThat(reply.get(0).status()).isZero();
    reply.get(1).isUntouched();
    assertThat(bench.readPins(A, 8)).isEqualTo(1);
    assertThat(bench.table(B).maptrack().isLive(1)).isFalse();
    assertThat(bench.table(B).maptrack().isLive(2)).isTrue();
  }

  @Test
  @DisplayName("F3 and F4 hold for unmap_and_replace too")
  void f3f4Replace() {
    b.batch(maps);
    Struct[] replaces = {Struct.replace(place(0), 0, 0), Struct.replace(place(1), 0, 1)};
    b.batchAt(beforeHole(24), replaces).returns(EFAULT, GrantRule.UNMAP_F3);
    assertThat(bench.readPins(A, 8)).isEqualTo(2);
    b.batchAt(beforeReadonly(20), replaces[1]).returns(EFAULT, GrantRule.UNMAP_F4);
    assertThat(bench.readPins(A, 8)).isEqualTo(1);
  }

  @Test
  @DisplayName("F5 copy: when an element cannot be read, those before it are done, their pages released")
  void f5() {
    a.store(GRANTED << 12, 8, 7);
    Struct copy = Struct.copy(grant(A, 8), own(OWN), 8);
    b.batchAt(beforeHole(40 + 39), copy, copy).returns(EFAULT, GrantRule.COPY_F5);
    assertThat(b.load(OWN << 12, 8)).isEqualTo(7);
    assertThat(f()).isEqualTo(0x0001);
  }

  @Test
  @DisplayName("F6 copy: when a status cannot be written, the bytes were copied and the pages are released")
  void f6() {
    a.store(GRANTED << 12, 8, 7);
    b.batchAt(beforeReadonly(36), Struct.copy(grant(A, 8), own(OWN), 8)).returns(EFAULT, GrantRule.COPY_F6).get(0).isUntouched();
    assertThat(b.load(OWN << 12, 8)).isEqualTo(7);
    assertThat(f()).isEqualTo(0x0001);
    assertThat(bench.readPins(A, 8)).isZero();
  }

  @Test
  @DisplayName("F7 swap: an element that cannot be read is not performed, one whose status cannot be written is")
  void f7() {
    b.memory().addGrantFrame(0, Bench.TABLE);
    b.grant(9, A, OWN);
    Struct[] swaps = {Struct.swap(9, 10), Struct.swap(10, 11)};
    b.batchAt(beforeHole(12), swaps).returns(EFAULT, GrantRule.SWAP_F7R);
    assertThat(b.flags(10)).isEqualTo(1);
    b.batchAt(beforeReadonly(8), swaps[1]).returns(EFAULT, GrantRule.SWAP_F7W);
    assertThat(b.flags(11)).isEqualTo(1);
  }

  @Test
  @DisplayName("F8 cache_flush: when an element cannot be read, those before it are done")
  void f8() {
    Struct flush = Struct.flush(bench.dev(B, OWN), 0, 64, 1);
    Reply reply = b.batchAt(beforeHole(16), flush, flush).returns(EFAULT, GrantRule.FLUSH_F8);
    assertThat(reply.rules().get(0)).isEqualTo(GrantRule.FLUSH_06);
    b.batchAt(beforeReadonly(0), flush).returns(0, GrantRule.FLUSH_06);
  }

  @Test
  @DisplayName("a batch that begins in a hole faults at once, one of nothing does not")
  void atOnce() {
    b.raw(0, PLACE, 1).returns(EFAULT, GrantRule.MAP_F1);
    b.raw(1, PLACE, 1).returns(EFAULT, GrantRule.UNMAP_F3);
    b.raw(5, -8, 1).returns(EFAULT, GrantRule.COPY_F5);
    b.raw(0, PLACE, 0).returns(0, GrantRule.GNT_08);
  }

  @Test
  @DisplayName("buffers must be the caller's own pages: a foreign grant mapping is none, an own one is")
  void ownPagesOnly() {
    b.map(A, 8, RW, place(0));
    b.batchAt(place(0), Struct.unmap(0, 0)).returns(EFAULT, GrantRule.UNMAP_F3);
    b.memory().addGrantFrame(0, Bench.TABLE);
    b.grant(9, B, OWN);
    assertThat(b.map(B, 9, RW, place(1)).status()).isZero();
    b.batchAt(place(1), Struct.unmap(0, 0)).says(0);
    assertThat(b.map(B, 9, RO, place(1)).status()).isZero();
    b.batchAt(place(1), Struct.unmap(0, 0)).returns(EFAULT, GrantRule.UNMAP_F4);
    b.batchAt(Bench.TABLE << 12, Struct.unmap(0, 0)).says(0);
  }

  @Test
  @DisplayName("a fault does not end the guest's ability to call again")
  void goesOn() {
    b.batchAt(beforeHole(64), maps);
    Answer third = b.call(maps[2]);
    assertThat(third.status()).isZero();
    assertThat(third.handle()).isEqualTo(2);
    assertThat(b.call(Struct.querySize(DomId.SELF)).status()).isZero();
  }
}
