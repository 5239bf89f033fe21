package org.xenarium.gnttab.race;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.C;
import static org.xenarium.gnttab.kit.Bench.GRANTED;
import static org.xenarium.gnttab.kit.Bench.PLACE;
import static org.xenarium.gnttab.kit.Bench.TABLE;
import static org.xenarium.gnttab.kit.End.grant;
import static org.xenarium.gnttab.kit.End.own;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.Guest;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Struct;

/** A step that needs a lock held elsewhere cannot be taken (spec §8.1): that of an entry between read and pin, and so that of its table. */
class LocksTest extends OnBench {
  private Guest other;

  @BeforeEach
  void heldEntry() {
    startFrom(Bench.setup().vcpus(B, 2).third().control(C).start());
    other = bench.guest(B, 1);
    a.grant(9, B, GRANTED + 1);
    bench.c().memory().addGrantFrame(0, TABLE);
    bench.c().grant(8, B, GRANTED);
  }

  /** B's first vCPU holds entry 8 of A from now on, in the middle of a map. */
  private void hold(String phase) {
    b.issue(Struct.map(A, 8, RW, PLACE));
    b.stepTo(phase);
  }

  /** The guest's call waits before {@code phase} as long as the entry is held, and not longer. */
  private void expectToWait(Guest guest, String phase) {
    guest.stepTo(phase);
    assertThat(guest.isEnabled()).as("%s while the entry is marked", phase).isFalse();
    b.stepTo("FRAME");
    assertThat(guest.isEnabled()).as("%s while the frame is looked up", phase).isFalse();
    b.stepTo("INSERT");
    assertThat(guest.isEnabled()).as("%s once the entry is pinned", phase).isTrue();
    guest.finish();
  }

  @Test
  void another_map_of_the_entry_waits() {
    hold("CAS");
    other.issue(Struct.map(A, 8, RO, place(1)));
    expectToWait(other, "PIN");
  }

  @Test
  void a_copy_from_or_to_the_entry_waits() {
    hold("CAS");
    other.issue(Struct.copy(grant(A, 8), own(OWN), 8));
    expectToWait(other, "CLAIM_SOURCE");
    b.finish();
    b.unmap(PLACE, 0);
    hold("CAS");
    other.issue(Struct.copy(own(OWN), grant(A, 8), 8));
    expectToWait(other, "CLAIM_DEST");
  }

  @Test
  void an_unmap_of_the_entry_waits_before_the_removal() {
    b.map(A, 8, RO, place(1));
    hold("CAS");
    other.issue(Struct.unmap(place(1), 0));
    other.stepTo("RELEASE");
    assertThat(other.isEnabled()).isFalse();
    b.stepTo("INSERT");
    assertThat(other.isEnabled()).isTrue();
  }

  @Test
  void an_unmap_of_the_entry_waits_before_the_release_of_its_pin() {
    b.map(A, 8, RO, place(1));
    other.issue(Struct.unmap(place(1), 0));
    other.stepTo("SETTLE");
    hold("CAS");
    assertThat(other.isEnabled()).isFalse();
    b.stepTo("INSERT");
    assertThat(other.isEnabled()).isTrue();
  }

  @Test
  void the_undoing_of_a_failed_map_waits() {
    b.map(A, 8, RO, place(1));
    other.issue(Struct.map(A, 8, RO | 0x20, place(2)));
    other.stepTo("UNPIN");
    hold("CAS");
    assertThat(other.isEnabled()).isFalse();
    b.stepTo("INSERT");
    assertThat(other.isEnabled()).isTrue();
  }

  @Test
  void the_release_of_a_copy_waits() {
    b.map(A, 8, RO, place(1));
    other.issue(Struct.copy(grant(A, 8), own(OWN), 8));
    other.stepTo("RELEASE_SOURCE");
    hold("CAS");
    assertThat(other.isEnabled()).isFalse();
    b.stepTo("INSERT");
    assertThat(other.isEnabled()).isTrue();
  }

  @Test
  void other_entries_and_other_tables_do_not_wait() {
    hold("CAS");
    other.issue(Struct.map(A, 9, RW, place(1)));
    other.stepTo("PIN");
    assertThat(other.isEnabled()).isTrue();
    other.finish();
    other.issue(Struct.map(C, 8, RW, place(2)));
    other.stepTo("PIN");
    assertThat(other.isEnabled()).isTrue();
  }

  @Test
  void a_swap_in_the_table_waits_whatever_its_entries() {
    hold("CAS");
    a.issue(Struct.swap(20, 21));
    expectToWait(a, "SWAP");
  }

  @Test
  void set_version_and_setup_table_wait() {
    hold("CAS");
    a.issue(Struct.setVersion(1));
    expectToWait(a, "PERFORM");
    b.finish();
    b.unmap(PLACE, 0);
    hold("CAS");
    a.issue(Struct.setupTable(DomId.SELF, 2, OWN << 12));
    expectToWait(a, "PERFORM");
  }

  @Test
  void a_swap_in_another_table_does_not_wait() {
    hold("CAS");
    other.issue(Struct.swap(20, 21));
    other.stepTo("SWAP");
    assertThat(other.isEnabled()).isTrue();
  }

  @Test
  void adding_a_frame_of_the_table_waits_and_removing_from_the_physmap_does_not() {
    byte[] add = new byte[MemoryAbi.ADD_SIZE];
    add[MemoryAbi.ADD_DOMID] = (byte) 0xf0;
    add[MemoryAbi.ADD_DOMID + 1] = 0x7f;
    add[MemoryAbi.ADD_SPACE] = MemoryAbi.SPACE_GRANT_TABLE;
    add[MemoryAbi.ADD_IDX] = 1;
    add[MemoryAbi.ADD_GPFN + 2] = 5;
    bench.poke(a.domain(), a.arguments(), add);
    hold("CAS");
    a.vcpu().issue(MemoryAbi.HYPERCALL, MemoryAbi.ADD_TO_PHYSMAP, a.arguments(), 0);
    a.step();
    a.step();
    assertThat(a.isEnabled()).isFalse();
    b.stepTo("INSERT");
    assertThat(a.isEnabled()).isTrue();
    a.finish();
    assertThat(a.vcpu().x(0)).isZero();
    b.finish();
    assertThat(a.memory().removeFromPhysmap(0x50000)).isZero();
  }

  @Test
  void guest_stores_wait_for_nothing() {
    hold("FRAME");
    a.setFlags(8, 0x0abc);
    assertThat(f()).isEqualTo(0x0abc);
  }

  @Test
  void steps_that_need_no_lock_are_taken_while_the_entry_is_held() {
    hold("CAS");
    other.issue(Struct.map(A, 8, RO, place(1)));
    for (String phase : new String[] {"COPY_IN", "CHECK", "TAKE_HANDLE", "PIN"}) {
      assertThat(other.isEnabled()).isTrue();
      other.stepTo(phase);
    }
  }
}
