package org.xenarium.gnttab.invariant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.invariant.Invariant.I1;
import static org.xenarium.gnttab.invariant.Invariant.I14;
import static org.xenarium.gnttab.invariant.Invariant.I19;
import static org.xenarium.gnttab.invariant.Invariant.I2;
import static org.xenarium.gnttab.invariant.Invariant.I21;
import static org.xenarium.gnttab.invariant.Invariant.I22;
import static org.xenarium.gnttab.invariant.Invariant.I23;
import static org.xenarium.gnttab.invariant.Invariant.I25;
import static org.xenarium.gnttab.invariant.Invariant.I30;
import static org.xenarium.gnttab.invariant.Invariant.I40;
import static org.xenarium.gnttab.invariant.Invariant.I42;
import static org.xenarium.gnttab.invariant.Invariant.I66;
import static org.xenarium.gnttab.invariant.Invariant.I7;
import static org.xenarium.gnttab.invariant.Invariant.I9;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInfo;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.state.SparseBytes;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.Guest;
import org.xenarium.gnttab.table.ActiveEntries;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.Maptrack;
import org.xenarium.gnttab.table.SharedEntries;

/** A bench whose machine is broken on purpose, and what the watch says to that. A grants entries 8 and 9 to B, 9 read-only. */
abstract class OnWatchedBench {
  static final int MAP = GnttabOp.MAP_GRANT_REF;
  static final int UNMAP = GnttabOp.UNMAP_GRANT_REF;
  static final int COPY = GnttabOp.COPY;
  static final int A = Bench.A;
  static final int B = Bench.B;
  static final int C = Bench.C;
  static final int READING = 8;
  static final int WRITING = 16;
  static final int RW = 2;
  static final int RO = 6;

  /**
   * Invariants that fail along, of necessity, when the first is broken in the way that its test does it: a pin without a handle is also one
   * that nobody holds; a reference missing for a pin is missing for its handle; a handle counted twice, or beyond the last frame, breaks the
   * partition; a free list without an entry to spare takes it from the partition; who names a domain that is gone names the next one of that
   * id; a flag cleared under a pin is cleared too early.
   */
  private static final Map<Invariant, Set<Invariant>> FAILS_ALONG =
      Map.of(
          I1, Set.of(I2),
          I7, Set.of(I42),
          I9, Set.of(I1, I2),
          I19, Set.of(I14),
          I21, Set.of(I22),
          I23, Set.of(I22),
          I25, Set.of(I22),
          I30, Set.of(I66),
          I40, Set.of(I1, I2));

  private static final Pattern NUMBERED = Pattern.compile("(i[0-9]+)_.*");

  Bench bench;
  Machine machine;
  Guest a;
  Guest b;
  Watch watch;
  final List<Violation> violations = new ArrayList<>();
  final List<Indiscipline> indisciplines = new ArrayList<>();

  OnWatchedBench() {
    use(Bench.setup().third().vcpus(B, 2).start());
  }

  final void use(Bench other) {
    bench = other;
    machine = other.machine();
    a = bench.a();
    b = bench.b();
    if (bench.machine().world().semantics().policy() != org.xenarium.emulator.semantics.SecurityPolicy.SILO) {
      a.entry(9, 5, B, Bench.GRANTED + 1);
    }
    bench.watch().stop();
    watch = watch(Invariants.ALL);
  }

  final Watch watch(Set<Invariant> chosen) {
    return Invariants.watch(
        machine,
        chosen,
        new Findings() {
          @Override
          public void violated(Violation violation) {
            violations.add(violation);
          }

          @Override
          public void undisciplined(Indiscipline indiscipline) {
            indisciplines.add(indiscipline);
          }
        });
  }

  /** A test that is named for an invariant has seen that invariant reported, and no other that need not fail along. */
  @AfterEach
  final void namesWhatItBreaks(TestInfo test) {
    Matcher name = NUMBERED.matcher(test.getTestMethod().orElseThrow().getName());
    if (name.matches()) {
      Invariant broken = Invariant.valueOf(name.group(1).toUpperCase(Locale.ROOT));
      Set<Invariant> found = new TreeSet<>();
      violations.forEach(violation -> found.add(violation.invariant()));
      assertThat(found).contains(broken);
      found.remove(broken);
      assertThat(FAILS_ALONG.getOrDefault(broken, Set.of())).as("what fails along with %s", broken).containsAll(found);
    }
  }

  /** Exactly these invariants have been reported, each at least once. */
  final void reports(Invariant... expected) {
    Set<Invariant> found = new TreeSet<>();
    violations.forEach(violation -> found.add(violation.invariant()));
    assertThat(found).as("%s", violations).containsExactlyInAnyOrder(expected);
  }

  /** Exactly these rules of discipline have been reported. */
  final void reports(Discipline... expected) {
    Set<Discipline> found = new TreeSet<>();
    indisciplines.forEach(indiscipline -> found.add(indiscipline.rule()));
    assertThat(found).as("%s", indisciplines).containsExactlyInAnyOrder(expected);
    assertThat(violations).isEmpty();
  }

  /** Puts the vCPU into that call and takes all of its steps. */
  final void run(Broken call) {
    run(b.vcpu(), call);
  }

  final void run(Vcpu vcpu, Broken call) {
    vcpu.setCall(call);
    while (call.isBusy()) {
      machine.step(vcpu);
    }
  }

  /** A call in flight that does nothing, so that the machine is not quiet. */
  final void keepBusy() {
    run(bench.guest(B, 1).vcpu(), new Broken(COPY).then(v -> {}));
  }

  final Domain domain(int id) {
    return machine.domain(id);
  }

  final GrantTable table(int id) {
    return GrantTable.of(domain(id));
  }

  final ActiveEntries active(int id) {
    return table(id).active();
  }

  final Maptrack maptrack() {
    return table(B).maptrack();
  }

  final MachineMemory memory() {
    return machine.world().memory();
  }

  /** The bytes of the active entries. */
  final SparseBytes activeBytes(int id) {
    return Reach.get(active(id), "bytes");
  }

  final SparseBytes records() {
    return Reach.get(memory(), "records");
  }

  /** Where a frame's record lies. */
  final long record(long mfn) {
    return (mfn - memory().firstMfn()) << 4;
  }

  final long mfn(int id, long gfn) {
    return bench.mfn(id, gfn);
  }

  /** The page that A's entry 8 grants. */
  final long granted() {
    return mfn(A, Bench.GRANTED);
  }

  final void setStatus(int ref, int bits) {
    SharedEntries.setStatus(domain(A), table(A), ref, bits);
  }

  final void clearStatus(int ref, int bits) {
    SharedEntries.clearStatus(domain(A), table(A), ref, bits);
  }

  static Broken.Pin pin(int ref, boolean readonly) {
    return new Broken.Pin(A, ref, readonly, B);
  }

  static long place(int n) {
    return Bench.PLACE + 0x1000L * n;
  }

  static long hole(int n) {
    return Bench.HOLE + n;
  }
}
