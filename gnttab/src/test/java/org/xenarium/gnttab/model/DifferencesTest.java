package org.xenarium.gnttab.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.StepWatcher;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.trace.Errno;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.abi.MapLayout;
import org.xenarium.gnttab.abi.UnmapLayout;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.End;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Struct;
import org.xenarium.gnttab.rule.GrantRule;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.SharedEntries;

/** A machine that is broken on purpose in the step that decides a call: the model reports exactly what is broken, by its path. */
class DifferencesTest extends OnBench {
  private static final int A = Bench.A;
  private static final int B = Bench.B;
  private static final int REF = Bench.ENTRY;

  private final List<Difference> differences = new ArrayList<>();
  private ModelWatch model;

  /** What else happens in the next step that decides something. */
  private @Nullable Consumer<Vcpu> mischief;

  /** It comes before the model: to that one, it is part of the step. */
  private final class Mischief implements StepWatcher {
    private boolean decided;

    @Override
    public void decided(Vcpu vcpu, long element, Rule rule) {
      decided = true;
    }

    @Override
    public void after(Vcpu vcpu) {
      Consumer<Vcpu> now = mischief;
      if (decided && now != null) {
        mischief = null;
        now.accept(vcpu);
      }
      decided = false;
    }

    @Override
    public void afterDeath(Domain domain) {
      Consumer<Vcpu> now = mischief;
      if (now != null) {
        mischief = null;
        now.accept(b.vcpu());
      }
    }
  }

  DifferencesTest() {
    use(Bench.setup().third().start());
  }

  private void use(Bench other) {
    startFrom(other);
    bench.watch().stop();
    bench.machine().world().watchSteps(new Mischief());
    model = ReferenceModel.follow(bench.machine(), differences::add);
  }

  private MachineMemory memory() {
    return bench.machine().world().memory();
  }

  private Domain domain(int id) {
    return bench.machine().domain(id);
  }

  private GrantTable table(int id) {
    return GrantTable.of(domain(id));
  }

  private long granted() {
    return bench.mfn(A, Bench.GRANTED);
  }

  private String hex(long number) {
    return "0x" + Long.toHexString(number);
  }

  private void reports(String path, String expected, String actual) {
    assertThat(differences).singleElement().satisfies(difference -> {
      assertThat(difference.path()).isEqualTo(path);
      assertThat(difference.expected()).contains(expected);
      assertThat(difference.actual()).contains(actual);
    });
  }

  @Test
  void nothing_is_reported_of_a_machine_that_is_not_broken() {
    int handle = b.map(A, REF, RW, place(0)).handle();
    b.map(A, REF, RO, place(1));
    b.unmap(place(0), handle);
    assertThat(model.audit()).isTrue();
    assertThat(differences).isEmpty();
  }

  @Test
  void a_wrong_status() {
    mischief = vcpu -> b.store(b.arguments() + MapLayout.STATUS, 2, 0xffff);
    b.map(A, REF, RW, place(0));
    reports("domains/2/vcpus/0/answer", "GNTST_okay", "GNTST_general_error");
  }

  @Test
  void a_grant_to_another_that_is_mapped() {
    a.setDomid(REF, Bench.C);
    mischief = vcpu -> b.store(b.arguments() + MapLayout.STATUS, 2, 0);
    b.map(A, REF, RW, place(0));
    assertThat(differences.get(0).path()).isEqualTo("domains/2/vcpus/0/answer");
    assertThat(differences.get(0)).asString().contains("- GNTST_general_error\n+ GNTST_okay");
  }

  @Test
  void a_wrong_machine_address() {
    mischief = vcpu -> b.store(b.arguments() + MapLayout.DEV_BUS_ADDR, 8, 0x5000);
    b.map(A, REF, RW, place(0));
    reports("domains/2/vcpus/0/answer/frame", hex(granted()), "0x5");
  }

  @Test
  void a_handle_that_is_given_out_twice() {
    b.map(A, REF, RW, place(0));
    mischief = vcpu -> b.store(b.arguments() + MapLayout.HANDLE, 4, 0);
    b.map(A, REF, RW, place(1));
    reports("domains/2/handles/0", "grant 8 of domain 1", "given out again");
  }

  @Test
  void a_handle_beyond_the_limit() {
    mischief = vcpu -> b.store(b.arguments() + MapLayout.HANDLE, 4, 1 << 20);
    b.map(A, REF, RW, place(0));
    reports("domains/2/handles/1048576", "a handle below", "1048576");
  }

  @Test
  void a_pin_too_many() {
    mischief = vcpu -> table(A).active().increment(REF, true);
    b.map(A, REF, RW, place(0));
    reports("domains/1/grants/8", "0 times to read, 1 times to write", "1 times to read, 1 times to write");
  }

  @Test
  void a_handle_that_stands_for_another_grant() {
    mischief = vcpu -> table(B).maptrack().publish(0, A, REF, RO);
    b.map(A, REF, RW, place(0));
    reports("domains/2/handles/0", "grant 8 of domain 1", "read-only");
  }

  @Test
  void a_handle_that_is_forgotten() {
    mischief = vcpu -> table(B).maptrack().retire(0);
    b.map(A, REF, RW, place(0));
    reports("domains/2/handles/0", "grant 8 of domain 1", "nothing");
  }

  @Test
  void a_read_only_grant_that_can_be_written() {
    mischief = vcpu -> domain(B).physmap().set(Bench.HOLE, granted(), EntryType.GRANT_MAP_RW);
    b.map(A, REF, RO, place(0));
    reports("domains/2/reach/0x50000", "read-only by a grant, frame " + hex(granted()) + ", through handle 0", "read-write by a grant");
  }

  @Test
  void another_page_than_the_granted_one() {
    long other = bench.mfn(A, Bench.GRANTED + 1);
    mischief = vcpu -> domain(B).physmap().set(Bench.HOLE, other, EntryType.GRANT_MAP_RW);
    b.map(A, REF, RW, place(0));
    reports("domains/2/reach/0x50000", "frame " + hex(granted()), "frame " + hex(other));
  }

  @Test
  void a_page_that_is_still_reached_after_its_unmap() {
    int handle = b.map(A, REF, RW, place(0)).handle();
    mischief = vcpu -> domain(B).physmap().set(Bench.HOLE, granted(), EntryType.GRANT_MAP_RW);
    b.unmap(place(0), handle);
    reports("domains/2/reach/0x50000", "nothing", "read-write by a grant");
  }

  @Test
  void a_page_that_is_kept_for_no_reason() {
    mischief = vcpu -> memory().get(granted(), A);
    b.map(A, REF, RW, place(0));
    reports("frames/" + hex(granted()), "used 1 times", "used 2 times");
  }

  @Test
  void a_granter_that_is_not_told_of_a_use() {
    mischief = vcpu -> SharedEntries.clearStatus(domain(A), table(A), REF, Entry.TOLD);
    b.map(A, REF, RW, place(0));
    reports("domains/1/grants/8/told", "reading and writing", "not in use");
  }

  @Test
  void a_granter_that_is_told_of_a_use_that_is_over() {
    mischief = vcpu -> SharedEntries.setStatus(domain(A), table(A), REF, Entry.TOLD);
    b.copy(End.grant(A, REF), End.own(OWN), 8);
    reports("domains/1/grants/8/told", "not in use", "writing");
  }

  @Test
  void a_removal_of_nothing_that_succeeds() {
    mischief = vcpu -> vcpu.setX(0, 0);
    b.memory().removeFromPhysmap(Bench.HOLE);
    reports("answer", "a failure of Remove", "success");
  }

  @Test
  void a_change_of_version_under_pins() {
    use(Bench.setup().third().v2(A).start());
    b.map(A, REF, RW, place(0));
    mischief = vcpu -> table(A).switchToVersion2();
    a.call(Struct.setVersion(2)).returns(-Errno.EBUSY, GrantRule.SETVER_05);
    reports("answer", "a failure of SwitchVersion", "success");
  }

  @Test
  void a_change_of_version_without_pins_is_none() {
    use(Bench.setup().third().v2(A).start());
    b.unmap(place(0), b.map(A, REF, RW, place(0)).handle());
    a.call(Struct.setVersion(2)).returns(0, GrantRule.SETVER_10);
    assertThat(model.audit()).isTrue();
    assertThat(differences).isEmpty();
  }

  @Test
  void a_page_that_belongs_to_two() {
    b.memory().decrease(OWN);
    mischief = vcpu -> domain(B).physmap().set(OWN, granted(), EntryType.RAM_RW);
    b.memory().populate(0, OWN);
    assertThat(differences.get(0).path()).isEqualTo("answer");
    assertThat(differences.get(0)).asString().contains("- a failure of Populate");
  }

  @Test
  void a_dead_mapper_whose_pin_stays() {
    b.map(A, REF, RW, place(0));
    bench.machine().beginDestroy(B);
    while (bench.machine().stepDeath(B)) {
      if (table(A).active().pin(REF) == 0 && mischief == null && differences.isEmpty() && domain(B).death() != null) {
        table(A).active().pinFirst(REF, false, B, granted());
      }
    }
    assertThat(differences).extracting(Difference::path).contains("domains/1/grants/8");
  }

  @Test
  void a_domain_that_disappears_with_its_pages() {
    bench.machine().world().takeBack(domain(Bench.C));
    b.map(A, REF, RW, place(0));
    assertThat(differences).isNotEmpty().allSatisfy(difference -> {
      assertThat(difference.path()).isEqualTo("domains/3");
      assertThat(difference.expected()).startsWith("listed, because of frame");
    });
  }

  @Test
  void what_no_call_could_have_touched_is_found_by_an_audit() {
    mischief = vcpu -> domain(Bench.C).physmap().set(Bench.HOLE + 7, granted(), EntryType.GRANT_MAP_RO);
    b.map(A, REF, RW, place(0));
    assertThat(differences).isEmpty();
    assertThat(model.audit()).isTrue();
    reports("domains/3/reach/0x50007", "nothing", "read-only by a grant, frame " + hex(granted()));
  }

  @Test
  void a_frame_that_is_stored_after_the_mark_is_the_frame_that_is_mapped() {
    a.entry(REF, 1, B, Bench.HOLE);
    b.issue(Struct.map(A, REF, RW, place(0)));
    b.stepTo("FRAME");
    a.entry(REF, 1, Bench.C, Bench.GRANTED);
    model.look();
    b.finish();
    assertThat(differences).isEmpty();
  }

  /** C is in the middle of a map of its own. */
  private void meanwhile() {
    a.entry(REF + 1, 1, Bench.C, Bench.GRANTED + 1);
    bench.c().issue(Struct.map(A, REF + 1, RW, place(0)));
    bench.c().step();
    bench.c().step();
  }

  @Test
  void a_grant_to_another_that_is_mapped_while_others_are_under_way() {
    meanwhile();
    mischief = vcpu -> b.store(b.arguments() + MapLayout.STATUS, 2, 0);
    b.map(A, REF + 1, RW, place(0));
    assertThat(differences.get(0).path()).isEqualTo("domains/2/vcpus/0/answer");
    assertThat(differences.get(0)).asString().contains("- GNTST_general_error\n+ GNTST_okay");
  }

  @Test
  void a_map_that_fails_for_no_reason_while_others_are_under_way() {
    meanwhile();
    mischief = vcpu -> b.store(b.arguments() + MapLayout.STATUS, 2, 0xffff);
    b.map(A, REF, RW, place(0));
    reports("domains/2/vcpus/0/answer", "GNTST_okay", "GNTST_general_error");
  }

  @Test
  void an_unmap_of_nothing_that_succeeds_while_others_are_under_way() {
    meanwhile();
    mischief = vcpu -> b.store(b.arguments() + UnmapLayout.STATUS, 2, 0);
    b.unmap(place(0), 5);
    reports("domains/2/vcpus/0/answer", "GNTST_bad_handle", "GNTST_okay");
  }

  @Test
  void what_is_right_while_others_are_under_way() {
    meanwhile();
    int handle = b.map(A, REF, RW, place(0)).handle();
    b.map(A, REF + 1, RW, place(1));
    b.unmap(place(0), handle);
    b.unmap(place(0), handle);
    bench.c().finish();
    assertThat(model.audit()).isTrue();
    assertThat(differences).isEmpty();
  }

  @Test
  void nothing_is_compared_while_a_call_is_under_way() {
    b.issue(Struct.map(A, REF, RW, place(0)));
    b.step();
    assertThat(model.audit()).isFalse();
  }

  @Test
  void the_model_goes_on_from_what_the_machine_has() {
    mischief = vcpu -> domain(B).physmap().set(Bench.HOLE, granted(), EntryType.GRANT_MAP_RW);
    b.map(A, REF, RO, place(0));
    differences.clear();
    b.map(A, REF, RO, place(1));
    assertThat(model.audit()).isTrue();
    assertThat(differences).isEmpty();
  }

  @Test
  void a_copy_of_a_machine_is_followed_with_the_same_knowledge() {
    int handle = b.map(A, REF, RW, place(0)).handle();
    Bench copied = bench.copy();
    copied.watch().stop();
    ModelWatch copy = model.copy(copied.machine());
    assertThat(copied.b().unmap(place(0), handle).status()).isZero();
    assertThat(copy.audit()).isTrue();
    assertThat(differences).isEmpty();
    copied.machine().domain(B).physmap().set(Bench.HOLE, granted(), EntryType.GRANT_MAP_RW);
    assertThat(copy.audit()).isTrue();
    reports("domains/2/reach/0x50000", "nothing", "read-write");
    assertThat(model.audit()).isTrue();
    assertThat(differences).hasSize(1);
  }

  @Test
  void by_default_the_first_difference_ends_the_step() {
    model.stop();
    Machine machine = bench.machine();
    ReferenceModel.follow(machine);
    mischief = vcpu -> table(A).active().increment(REF, true);
    assertThatThrownBy(() -> b.map(A, REF, RW, place(0)))
        .isInstanceOf(DifferentException.class)
        .hasMessageStartingWith("after map_grant_ref of domain 2, vCPU 0")
        .hasMessageContaining("domains/1/grants/8\n- domain 2 holds frame");
  }
}
