package org.xenarium.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.StepWatcher;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.domain.World;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.Rule;

/** Several can watch the steps of a machine at once. */
class StepWatchersTest {
  private final Machine machine = Machine.builder().semantics(Semantics.baseline(SecurityPolicy.DUMMY)).memory(0x1000, 64).build();
  private final World world = machine.world();
  private final List<String> told = new ArrayList<>();
  private final StepWatcher a = new Diary("a");
  private final StepWatcher b = new Diary("b");
  private final StepWatcher c = new Diary("c");
  private Vcpu vcpu;

  /** Writes down all that it is told. */
  private final class Diary implements StepWatcher {
    private final String name;

    Diary(String name) {
      this.name = name;
    }

    private void write(String what) {
      told.add(name + " " + what);
    }

    @Override
    public void before(Vcpu vcpu) {
      write("before");
    }

    @Override
    public void after(Vcpu vcpu) {
      write("after");
    }

    @Override
    public void decided(Vcpu vcpu, long element, Rule rule) {
      write("decided");
    }

    @Override
    public void beforeCall(Vcpu vcpu, Routine call) {
      write("before call");
    }

    @Override
    public void afterCall(Vcpu vcpu, Routine call, boolean isOver) {
      write("after call");
    }

    @Override
    public void guest(Vcpu vcpu, Rule rule, long value) {
      write("guest");
    }

    @Override
    public void accessed(Vcpu vcpu, boolean store, long address, int size) {
      write(store ? "stored" : "loaded");
    }

    @Override
    public void beforeDeath(Domain domain) {
      write("before death");
    }

    @Override
    public void afterDeath(Domain domain) {
      write("after death");
    }
  }

  @BeforeEach
  void oneDomain() {
    Domain domain = machine.createDomain(DomainConfig.guest(1, 4));
    domain.ownRam(0x10, 0x1008, 1);
    vcpu = domain.vcpu(0);
  }

  private void step() {
    vcpu.setGuest(
        new Routine() {
          @Override
          public boolean step(Vcpu self) {
            self.store(0x10000, 4, self.load(0x10000, 4) + 1);
            return false;
          }

          @Override
          public void digest(Digest digest) {}
        });
    machine.step(vcpu);
  }

  @Test
  void each_is_told_of_everything_in_the_order_in_which_they_came() {
    world.watchSteps(a);
    world.watchSteps(b);
    step();
    assertThat(told).containsExactly("a before", "b before", "a loaded", "b loaded", "a stored", "b stored", "a after", "b after");
  }

  @Test
  void nothing_of_what_there_is_to_tell_is_kept_from_the_second() throws ReflectiveOperationException {
    world.watchSteps(a);
    world.watchSteps(b);
    for (var method : StepWatcher.class.getMethods()) {
      told.clear();
      Object[] arguments = new Object[method.getParameterCount()];
      for (int i = 0; i < arguments.length; i++) {
        Class<?> type = method.getParameterTypes()[i];
        arguments[i] = type == long.class ? (Object) 0L : type == int.class ? (Object) 0 : type == boolean.class ? (Object) false : null;
      }
      method.invoke(world.stepWatcher(), arguments);
      assertThat(told).as(method.getName()).hasSize(2);
    }
  }

  @Test
  void who_stops_is_told_no_more_and_the_others_still_are() {
    world.watchSteps(a);
    world.watchSteps(b);
    world.watchSteps(c);
    world.unwatchSteps(b);
    step();
    assertThat(told).contains("a before", "c after").noneMatch(text -> text.startsWith("b"));
    world.unwatchSteps(a);
    world.unwatchSteps(c);
    assertThat(world.stepWatcher()).isSameAs(StepWatcher.NONE);
    world.unwatchSteps(c);
  }

  @Test
  void a_copy_of_the_machine_is_watched_by_nobody() {
    world.watchSteps(a);
    assertThat(machine.copy().world().stepWatcher()).isSameAs(StepWatcher.NONE);
  }
}
