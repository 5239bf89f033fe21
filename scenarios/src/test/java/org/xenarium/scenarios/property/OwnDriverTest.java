package org.xenarium.scenarios.property;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.scenarios.play.Stage;
import org.xenarium.scenarios.script.Column;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Progress;
import org.xenarium.scenarios.script.Scenario;
import org.xenarium.scenarios.script.ScenarioReader;

/** A driver written straight on in Java is one that can be interrupted at each access, copied and digested. */
class OwnDriverTest {
  private static final long RAM = 0x40100;
  private static final int XEN_VERSION = 17;

  /** Hands out references from 8 on; each grant is three stores. */
  private static class Counting implements GuestDriver {
    private int next = 8;

    @Override
    public GuestDriver copy() {
      Counting copy = new Counting();
      copy.next = next;
      return copy;
    }

    @Override
    public int grantAccess(GuestApi guest, int domid, long gfn, boolean readonly) {
      int ref = next++;
      guest.store(guest.entry(ref) + 2, 2, domid);
      guest.store(guest.entry(ref) + 4, 4, gfn);
      guest.store(guest.entry(ref), 2, 1);
      return ref;
    }
  }

  /** Forgets to copy what changes. */
  private static final class Shared implements GuestDriver {
    private final int[] next = {8};

    @Override
    public GuestDriver copy() {
      return this;
    }

    @Override
    public int grantAccess(GuestApi guest, int domid, long gfn, boolean readonly) {
      int ref = next[0]++;
      guest.store(guest.entry(ref) + 2, 2, domid);
      guest.store(guest.entry(ref), 2, 1);
      return ref;
    }
  }

  private static final class Panicking extends Counting {
    @Override
    public GuestDriver copy() {
      return new Panicking();
    }

    @Override
    public int grantAccess(GuestApi guest, int domid, long gfn, boolean readonly) {
      guest.load(guest.entry(8), 2);
      throw guest.panic("no more");
    }
  }

  /** Frees a block whatever comes, as one writes it in Java. */
  private static final class Tidy extends Counting {
    @Override
    public GuestDriver copy() {
      return new Tidy();
    }

    @Override
    public int endAccess(GuestApi guest, int ref) {
      long block = guest.allocate(4096);
      try {
        return (int) guest.hypercall(XEN_VERSION, 0);
      } finally {
        guest.free(block);
      }
    }
  }

  private static final class Plain extends Counting {
    @Override
    public GuestDriver copy() {
      return new Plain();
    }

    @Override
    public int endAccess(GuestApi guest, int ref) {
      return (int) guest.hypercall(XEN_VERSION, 0);
    }
  }

  /** Takes being left for an answer. */
  private static final class Swallowing extends Counting {
    @Override
    public GuestDriver copy() {
      return new Swallowing();
    }

    @Override
    public int endAccess(GuestApi guest, int ref) {
      try {
        return (int) guest.hypercall(XEN_VERSION, 0);
      } catch (Error e) {
        return -1;
      }
    }
  }

  /** Panics with a block in its hands. */
  private static final class TidyPanic extends Counting {
    @Override
    public GuestDriver copy() {
      return new TidyPanic();
    }

    @Override
    public int endAccess(GuestApi guest, int ref) {
      try {
        throw guest.panic("first");
      } finally {
        guest.free(1);
      }
    }
  }

  private static Stage stage(Supplier<GuestDriver> driver) throws Exception {
    Scenario scenario = ScenarioReader.read("two", """
        scenario: two
        domains: {A: {vcpus: 2, driver: {heap: 4}}, B: {}}
        steps: [{by: A, init: {}}]
        """);
    Stage stage = Stage.of(scenario);
    OwnDriver.install(stage.machine().domain(1), driver, DriverWatcher.NONE);
    begin(stage, 0, Operation.INIT);
    assertThat(stage.goOn(0, Integer.MAX_VALUE)).isEqualTo(Progress.DONE);
    return stage;
  }

  private static void begin(Stage stage, int actor, Operation operation, long... numbers) {
    stage.begin(actor, operation, numbers, 1, new long[0], false, OptionalLong.empty(), OptionalLong.empty());
  }

  private static void beginGrant(Stage stage, int actor) {
    begin(stage, actor, Operation.GRANT_ACCESS, 2, RAM, 0);
  }

  @Test
  void each_access_is_one_step() throws Exception {
    Stage stage = stage(Counting::new);
    beginGrant(stage, 0);
    assertThat(stage.goOn(0, 2)).isEqualTo(Progress.UNDER_WAY);
    assertThat(stage.goOn(0, 1)).isEqualTo(Progress.DONE);
    assertThat(stage.result(0, Column.RETURNS)).isEqualTo(8);
  }

  @Test
  void the_next_call_finds_the_driver_as_the_last_one_left_it() throws Exception {
    Stage stage = stage(Counting::new);
    for (int ref = 8; ref < 11; ref++) {
      beginGrant(stage, 0);
      stage.goOn(0, Integer.MAX_VALUE);
      assertThat(stage.result(0, Column.RETURNS)).isEqualTo(ref);
    }
  }

  @Test
  void a_machine_that_is_copied_within_a_call_goes_on_alone() throws Exception {
    Stage stage = stage(Counting::new);
    beginGrant(stage, 0);
    stage.goOn(0, 1);
    Stage copy = stage.copy();
    long within = stage.machine().digest();
    assertThat(copy.machine().digest()).isEqualTo(within);
    copy.goOn(0, Integer.MAX_VALUE);
    assertThat(stage.machine().digest()).as("the original").isEqualTo(within).isNotEqualTo(copy.machine().digest());
    stage.goOn(0, Integer.MAX_VALUE);
    assertThat(stage.machine().digest()).isEqualTo(copy.machine().digest());
  }

  @Test
  void calls_that_have_left_nothing_but_the_driver_changed_make_another_digest() throws Exception {
    Stage stage = stage(Counting::new);
    long before = stage.machine().digest();
    begin(stage, 0, Operation.END_ACCESS, 9);
    stage.goOn(0, Integer.MAX_VALUE);
    assertThat(stage.result(0, Column.RETURNS)).isEqualTo(GuestDriver.NO_SUCH_CALL);
    assertThat(stage.machine().digest()).isNotEqualTo(before);
  }

  @Test
  void a_domain_makes_one_call_at_a_time() throws Exception {
    Stage stage = stage(Counting::new);
    beginGrant(stage, 0);
    stage.goOn(0, 1);
    beginGrant(stage, 1);
    assertThat(stage.goOn(1, Integer.MAX_VALUE)).as("while the other is in a call").isEqualTo(Progress.UNDER_WAY);
    assertThat(stage.goOn(0, Integer.MAX_VALUE)).isEqualTo(Progress.DONE);
    assertThat(stage.goOn(1, Integer.MAX_VALUE)).isEqualTo(Progress.DONE);
    assertThat(stage.result(1, Column.RETURNS)).isEqualTo(9);
  }

  @Test
  void a_driver_whose_copies_share_what_changes_is_told_so() throws Exception {
    Stage stage = stage(Shared::new);
    beginGrant(stage, 0);
    assertThatThrownBy(() -> stage.goOn(0, Integer.MAX_VALUE)).isInstanceOf(DriverBrokenException.class).hasMessageContaining("copy()");
  }

  /** Has a call of its own, and the copy() of another. */
  private static final class Inherited extends Counting {
    @Override
    public int endAccess(GuestApi guest, int ref) {
      return 0;
    }
  }

  @Test
  void a_driver_that_inherits_its_copy_is_told_so() {
    assertThatThrownBy(() -> stage(Inherited::new)).isInstanceOf(DriverBrokenException.class).hasMessage("OwnDriverTest$Inherited.copy() gives a "
        + "OwnDriverTest$Counting, whose calls would be made instead of those of OwnDriverTest$Inherited: write a copy() in OwnDriverTest$Inherited that "
        + "gives a OwnDriverTest$Inherited");
  }

  @Test
  @SuppressWarnings("NullAway")
  void a_driver_or_a_copy_that_is_not_there_is_told_of() {
    GuestDriver withoutCopy = () -> null;
    assertThatThrownBy(() -> stage(() -> withoutCopy)).isInstanceOf(DriverBrokenException.class).hasMessageContaining(".copy() gives null");
    assertThatThrownBy(() -> stage(() -> null)).isInstanceOf(DriverBrokenException.class).hasMessageContaining("a supplier of null");
  }

  @Test
  void a_panic_stops_the_vcpu() throws Exception {
    Stage stage = stage(Panicking::new);
    beginGrant(stage, 0);
    assertThat(stage.goOn(0, Integer.MAX_VALUE)).isEqualTo(Progress.PANICKED);
  }

  private static long endAccess(Supplier<GuestDriver> driver) throws Exception {
    Stage stage = stage(driver);
    begin(stage, 0, Operation.END_ACCESS, 8);
    assertThat(stage.goOn(0, Integer.MAX_VALUE)).isEqualTo(Progress.DONE);
    return stage.result(0, Column.RETURNS);
  }

  @Test
  void the_answer_of_a_hypercall_is_its_answer_whatever_stands_in_a_finally_block() throws Exception {
    assertThat(endAccess(Tidy::new)).isEqualTo(endAccess(Plain::new)).isGreaterThan(0);
  }

  @Test
  void a_driver_that_catches_everything_is_left_all_the_same() throws Exception {
    assertThat(endAccess(Swallowing::new)).isEqualTo(endAccess(Plain::new));
  }

  @Test
  void a_panic_is_the_only_one() throws Exception {
    Scenario scenario = ScenarioReader.read("one", "scenario: one\ndomains: {A: {}}\nsteps: [{by: A, init: {}}]\n");
    Stage stage = Stage.of(scenario);
    List<String> said = new ArrayList<>();
    OwnDriver.install(stage.machine().domain(1), TidyPanic::new, new DriverWatcher() {
      @Override
      public void panics(Vcpu vcpu, Operation call, String text) {
        said.add(text);
      }
    });
    begin(stage, 0, Operation.END_ACCESS, 8);
    assertThat(stage.goOn(0, Integer.MAX_VALUE)).isEqualTo(Progress.PANICKED);
    assertThat(said).containsExactly("first");
  }
}
