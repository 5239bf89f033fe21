package org.xenarium.gnttab.invariant;

import static org.xenarium.gnttab.invariant.Invariant.I1;
import static org.xenarium.gnttab.invariant.Invariant.I10;
import static org.xenarium.gnttab.invariant.Invariant.I2;
import static org.xenarium.gnttab.invariant.Invariant.I3;
import static org.xenarium.gnttab.invariant.Invariant.I4;
import static org.xenarium.gnttab.invariant.Invariant.I42;
import static org.xenarium.gnttab.invariant.Invariant.I5;
import static org.xenarium.gnttab.invariant.Invariant.I6;
import static org.xenarium.gnttab.invariant.Invariant.I7;
import static org.xenarium.gnttab.invariant.Invariant.I8;
import static org.xenarium.gnttab.invariant.Invariant.I9;

import org.junit.jupiter.api.Test;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.rule.GrantRule;

/** I1 to I10 are reported when they do not hold. */
class CountersTest extends OnWatchedBench {
  @Test
  void nothing_is_reported_when_nothing_is_wrong() {
    int handle = b.map(A, 8, RW, place(0)).handle();
    b.unmap(place(0), handle);
    watch.audit();
    reports(new Invariant[0]);
  }

  /** A pin that nobody holds is always I2 too. */
  @Test
  void i1_a_pin_without_a_handle() {
    b.map(A, 8, RW, place(0));
    active(A).increment(8, true);
    watch.look();
    reports(I1, I2);
  }

  @Test
  void i2_a_pin_that_no_call_holds() {
    b.map(A, 8, RW, place(0));
    run(new Broken(MAP).locked(A, 8).then(v -> active(A).increment(8, false)));
    reports(I2);
  }

  @Test
  void i3_the_129th_pin() {
    for (int i = 0; i < 128; i++) {
      b.map(A, 8, RO, place(i));
    }
    Broken call = new Broken(MAP);
    call.then(
        v -> {
          active(A).increment(8, true);
          call.pins.add(pin(8, true));
        });
    run(call);
    reports(I3);
  }

  @Test
  void i4_a_device_pin() {
    b.map(A, 8, RW, place(0));
    run(new Broken(MAP).then(v -> activeBytes(A).setInt(8 << 5, active(A).pin(8) | 1 << 16)));
    reports(I4);
  }

  @Test
  void i5_a_pin_for_another_domain() {
    b.map(A, 8, RW, place(0));
    Broken call = new Broken(MAP);
    call.then(
        v -> {
          active(A).increment(8, true);
          call.pins.add(new Broken.Pin(A, 8, true, C));
        });
    run(bench.c().vcpu(), call);
    reports(I5);
  }

  @Test
  void i6_another_frame_under_a_pin() {
    b.map(A, 8, RW, place(0));
    run(new Broken(MAP).then(v -> activeBytes(A).setLong((8 << 5) + 8, mfn(A, Bench.GRANTED + 5))));
    reports(I6);
  }

  /** A reference that a pin should have is missing for its handle too. */
  @Test
  void i7_fewer_references_than_pins() {
    b.map(A, 8, RW, place(0));
    b.map(A, 8, RO, place(1));
    memory().put(granted());
    memory().put(granted());
    watch.look();
    reports(I7, I42);
  }

  @Test
  void i8_two_pins_in_one_step() {
    b.map(A, 8, RW, place(0));
    Broken call = new Broken(MAP);
    call.then(
        v -> {
          active(A).increment(8, true);
          active(A).increment(8, true);
          call.pins.add(pin(8, true));
          call.pins.add(pin(8, true));
        });
    run(call);
    reports(I8);
  }

  @Test
  void i9_a_failed_map_that_keeps_its_pin() {
    b.map(A, 8, RW, place(0));
    Broken call = new Broken(MAP);
    call.then(
        v -> {
          active(A).increment(8, true);
          call.pins.add(pin(8, true));
        });
    call.then(v -> v.decided(0, GrantRule.MAP_12));
    run(call);
    reports(I9);
  }

  @Test
  void i9_a_pin_by_an_operation_that_pins_nothing() {
    b.map(A, 8, RW, place(0));
    Broken call = new Broken(GnttabOp.QUERY_SIZE);
    call.then(
        v -> {
          active(A).increment(8, true);
          call.pins.add(pin(8, true));
        });
    run(call);
    reports(I9);
  }

  @Test
  void i9_a_copy_that_ends_with_a_pin() {
    b.map(A, 8, RW, place(0));
    Broken call = new Broken(COPY);
    call.then(
        v -> {
          active(A).increment(8, true);
          call.pins.add(pin(8, true));
        });
    call.then(v -> v.setX(0, 0)).ends();
    run(call);
    reports(I9, I1, I2);
  }

  @Test
  void i10_an_unpinned_entry_that_remembers() {
    run(new Broken(MAP).then(v -> activeBytes(A).setLong((20 << 5) + 8, 0x1234)));
    reports(I10);
  }
}
