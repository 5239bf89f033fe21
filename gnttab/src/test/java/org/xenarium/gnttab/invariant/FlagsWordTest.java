package org.xenarium.gnttab.invariant;

import static org.xenarium.gnttab.invariant.Invariant.I11;
import static org.xenarium.gnttab.invariant.Invariant.I12;
import static org.xenarium.gnttab.invariant.Invariant.I13;
import static org.xenarium.gnttab.invariant.Invariant.I14;
import static org.xenarium.gnttab.invariant.Invariant.I15;
import static org.xenarium.gnttab.invariant.Invariant.I16;
import static org.xenarium.gnttab.invariant.Invariant.I17;
import static org.xenarium.gnttab.invariant.Invariant.I18;
import static org.xenarium.gnttab.invariant.Invariant.I19;
import static org.xenarium.gnttab.invariant.Invariant.I20;

import org.junit.jupiter.api.Test;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.table.SharedEntries;

/** I11 to I20 are reported when they do not hold. */
class FlagsWordTest extends OnWatchedBench {
  private Broken locked(int operation, int ref) {
    return new Broken(operation).locked(A, ref);
  }

  @Test
  void i11_writing_is_set_without_write_pins() {
    b.map(A, 8, RO, place(0));
    run(locked(MAP, 8).then(v -> setStatus(8, WRITING)).then(v -> v.setX(0, 0)).ends());
    reports(I11);
  }

  @Test
  void i12_reading_is_set_without_pins() {
    run(locked(MAP, 8).then(v -> setStatus(8, READING)).then(v -> v.setX(0, 0)).ends());
    reports(I12);
  }

  @Test
  void i13_writing_without_reading() {
    run(locked(MAP, 8).then(v -> setStatus(8, WRITING)));
    reports(I13);
  }

  @Test
  void i14_reading_is_cleared_before_the_pin_goes() {
    b.map(A, 8, RO, place(0));
    run(locked(UNMAP, 8).then(v -> clearStatus(8, READING)));
    reports(I14);
  }

  @Test
  void i15_the_hypervisor_writes_the_domid() {
    int header = SharedEntries.header(domain(A), table(A), 8);
    run(locked(MAP, 8).then(v -> SharedEntries.compareAndSet(domain(A), table(A), 8, header, header ^ 1 << 16)));
    reports(I15);
  }

  @Test
  void i16_the_bits_are_set_by_an_operation_that_claims_nothing() {
    run(locked(GnttabOp.QUERY_SIZE, 8).then(v -> setStatus(8, READING)));
    reports(I16);
  }

  @Test
  void i16_the_bits_of_an_entry_that_is_not_locked_are_set() {
    run(locked(MAP, 9).then(v -> setStatus(8, READING)));
    reports(I16);
  }

  @Test
  void i17_a_map_of_what_was_granted_to_another_domain() {
    Broken call = locked(MAP, 8);
    call.then(v -> setStatus(8, READING | WRITING));
    call.then(
        v -> {
          active(A).pinFirst(8, false, C, granted());
          call.pins.add(new Broken.Pin(A, 8, false, C));
        });
    run(bench.c().vcpu(), call);
    reports(I17);
  }

  @Test
  void i18_a_write_pin_on_a_read_only_entry() {
    b.map(A, 9, RO, place(0));
    Broken call = locked(COPY, 9);
    call.then(v -> setStatus(9, WRITING));
    call.then(
        v -> {
          active(A).increment(9, false);
          call.pins.add(pin(9, false));
        });
    run(call);
    reports(I18);
  }

  @Test
  void i19_a_pin_on_an_entry_that_was_withdrawn() {
    a.setFlags(8, 0);
    Broken call = locked(COPY, 8);
    call.then(v -> setStatus(8, READING));
    call.then(
        v -> {
          active(A).pinFirst(8, true, B, granted());
          call.pins.add(pin(8, true));
        });
    run(call);
    reports(I19);
  }

  /** That the bits are clear while a pin is there is I14. */
  @Test
  void i19_an_entry_is_withdrawn_although_it_is_pinned() {
    b.map(A, 8, RO, place(0));
    run(locked(UNMAP, 8).then(v -> clearStatus(8, READING)));
    a.setFlags(8, 0);
    watch.look();
    reports(I14, I19);
  }

  @Test
  void i20_clearing_takes_another_bit_along() {
    a.setFlags(8, 0x21);
    Broken call = locked(COPY, 8);
    call.then(v -> setStatus(8, READING));
    call.then(v -> clearStatus(8, READING | 0x20));
    run(call);
    reports(I20);
  }
}
