package org.xenarium.gnttab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.PAGES;
import static org.xenarium.gnttab.kit.Bench.PLACE;
import static org.xenarium.gnttab.kit.Bench.RAM;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Struct;
import org.xenarium.gnttab.rule.GrantRule;

/** The sources of -EFAULT of spec §10.3 in operations on one struct, and what is no -EFAULT. */
class SingleStructFaultsTest extends OnBench {
  private static final int EFAULT = -14;
  private static final long LAST = RAM + PAGES - 1;
  private static final long LIST = OWN << 12;

  private static long beforeHole(int bytes) {
    return (LAST + 1 << 12) - bytes;
  }

  private long beforeReadonly(int bytes) {
    bench.protect(b, LAST);
    return (LAST << 12) - bytes;
  }

  @Test
  @DisplayName("F9 setup_table that cannot read its struct does nothing")
  void f9() {
    b.batchAt(beforeHole(23), Struct.setupTable(DomId.SELF, 4, LIST)).returns(EFAULT, GrantRule.SETUP_F9);
    assertThat(bench.table(B).frameCount()).isEqualTo(1);
  }

  @Test
  @DisplayName("F10 setup_table that cannot write its status keeps growth and list")
  void f10() {
    b.batchAt(beforeReadonly(8), Struct.setupTable(DomId.SELF, 4, LIST)).returns(EFAULT, GrantRule.SETUP_F10).get(0).isUntouched();
    assertThat(bench.table(B).frameCount()).isEqualTo(4);
    assertThat(b.load(LIST + 24, 8)).isEqualTo(-1);
  }

  @Test
  @DisplayName("F11 query_size fails at reading or at writing its struct")
  void f11() {
    b.batchAt(beforeHole(15), Struct.querySize(DomId.SELF)).returns(EFAULT, GrantRule.QUERY_F11R);
    b.batchAt(beforeReadonly(0), Struct.querySize(DomId.SELF)).returns(EFAULT, GrantRule.QUERY_F11W).get(0).isUntouched();
  }

  @Test
  @DisplayName("F11 query_size writes what it can of a struct that straddles into a read-only page")
  void f11Straddling() {
    int frames = b.batchAt(beforeReadonly(8), Struct.querySize(DomId.SELF)).returns(EFAULT, GrantRule.QUERY_F11W).get(0).intAt(4);
    assertThat(frames).isEqualTo(1);
  }

  @Test
  @DisplayName("F12 get_status_frames fails at reading its struct or at writing its status")
  void f12() {
    b.batchAt(beforeHole(8), Struct.statusFrames(DomId.SELF, 0, LIST)).returns(EFAULT, GrantRule.STATUS_F12R);
    b.batchAt(beforeReadonly(6), Struct.statusFrames(DomId.SELF, 0, LIST)).returns(EFAULT, GrantRule.STATUS_F12W).get(0).isUntouched();
  }

  @Test
  @DisplayName("F12 get_status_frames that cannot write its status keeps the list")
  void f12List() {
    startFrom(Bench.setup().v2(B).start());
    b.call(Struct.setVersion(2)).returns(0, GrantRule.SETVER_10);
    b.store(LIST, 8, 7);
    b.batchAt(beforeReadonly(6), Struct.statusFrames(DomId.SELF, 1, LIST)).returns(EFAULT, GrantRule.STATUS_F12W).get(0).isUntouched();
    assertThat(b.load(LIST, 8)).as("the frame, which is nowhere mapped").isEqualTo(-1);
  }

  @Test
  @DisplayName("F14 set_version that cannot write the version back has switched nevertheless")
  void f14Switched() {
    startFrom(Bench.setup().v2(B).start());
    b.batchAt(beforeReadonly(3), Struct.setVersion(2)).returns(EFAULT, GrantRule.SETVER_F14);
    assertThat(bench.table(B).version()).isEqualTo(2);
    b.batchAt(beforeHole(3), Struct.setVersion(1)).returns(EFAULT, GrantRule.SETVER_F13);
    assertThat(bench.table(B).version()).as("F13 changes nothing").isEqualTo(2);
  }

  @Test
  @DisplayName("F13 and F14 set_version fails at reading or at writing back; the errno of the switch is lost then")
  void f13f14() {
    b.batchAt(beforeHole(3), Struct.setVersion(1)).returns(EFAULT, GrantRule.SETVER_F13);
    long at = beforeReadonly(0);
    for (int version = 0; version < 4; version++) {
      b.batchAt(at, Struct.setVersion(version)).returns(EFAULT, GrantRule.SETVER_F14);
    }
  }

  @Test
  @DisplayName("F15 get_version fails at reading its struct or at writing the version; failures write nothing and so do not fault")
  void f15() {
    b.batchAt(beforeHole(7), Struct.getVersion(DomId.SELF)).returns(EFAULT, GrantRule.GETVER_F15R);
    long at = beforeReadonly(4);
    b.batchAt(at, Struct.getVersion(DomId.SELF)).returns(EFAULT, GrantRule.GETVER_F15W);
    b.batchAt(at, Struct.getVersion(Bench.NOBODY)).returns(-3, GrantRule.GETVER_01);
  }

  @Test
  @DisplayName("F16 memory operations that cannot read their struct do nothing")
  void f16() {
    int[] operations = {
      MemoryAbi.ADD_TO_PHYSMAP,
      MemoryAbi.REMOVE_FROM_PHYSMAP,
      MemoryAbi.CURRENT_RESERVATION,
      MemoryAbi.MAXIMUM_RESERVATION,
      MemoryAbi.MAXIMUM_GPFN
    };
    for (int operation : operations) {
      assertThat(b.memory().callAt(operation, PLACE)).as("operation %d", operation).isEqualTo(EFAULT);
    }
    assertThat(b.memory().callAt(MemoryAbi.ADD_TO_PHYSMAP, beforeHole(23))).isEqualTo(EFAULT);
    assertThat(b.memory().callAt(MemoryAbi.REMOVE_FROM_PHYSMAP, beforeHole(15))).isEqualTo(EFAULT);
    assertThat(b.memory().callAt(MemoryAbi.MAXIMUM_GPFN, beforeHole(1))).isEqualTo(EFAULT);
  }

  @Test
  @DisplayName("a frame list that cannot be written is a bad address, not a fault")
  void lists() {
    b.call(Struct.setupTable(DomId.SELF, 1, PLACE)).says(-5, GrantRule.SETUP_05);
    bench.protect(b, OWN);
    b.call(Struct.setupTable(DomId.SELF, 1, LIST)).says(-5, GrantRule.SETUP_05);
    startFrom(Bench.setup().v2(B).start());
    b.call(Struct.setVersion(2)).returns(0, GrantRule.SETVER_10);
    b.call(Struct.statusFrames(DomId.SELF, 1, PLACE)).says(-5, GrantRule.STATUS_05);
  }

  @Test
  @DisplayName("null and wild pointers are no faults where the count is 0")
  void countZero() {
    for (int command : new int[] {0, 1, 5, 7, 11, 12}) {
      b.raw(command, 0, 0).returns(0, GrantRule.GNT_08);
      b.raw(command, PLACE, 0).returns(0, GrantRule.GNT_08);
      b.raw(command, -1, 0).returns(0, GrantRule.GNT_08);
    }
  }

  @Test
  @DisplayName("reservations that cannot read struct or list return how far they came")
  void reservations() {
    for (int operation : new int[] {MemoryAbi.INCREASE_RESERVATION, MemoryAbi.DECREASE_RESERVATION, MemoryAbi.POPULATE_PHYSMAP}) {
      assertThat(b.memory().callAt(operation, PLACE)).as("operation %d", operation).isZero();
    }
    long list = beforeHole(8);
    b.store(list, 8, OWN);
    byte[] struct = new byte[MemoryAbi.RESERVATION_SIZE];
    Bytes.setLong(struct, MemoryAbi.RESERVATION_EXTENT_START, list);
    Bytes.setLong(struct, MemoryAbi.RESERVATION_NR_EXTENTS, 3);
    Bytes.setShort(struct, MemoryAbi.RESERVATION_DOMID, DomId.SELF);
    bench.poke(b.domain(), b.arguments(), struct);
    assertThat(b.memory().callAt(MemoryAbi.DECREASE_RESERVATION, b.arguments())).isEqualTo(1);
    assertThat(b.memory().currentReservation()).isEqualTo(PAGES - 1);
  }
}
