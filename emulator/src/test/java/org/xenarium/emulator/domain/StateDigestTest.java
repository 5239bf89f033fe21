package org.xenarium.emulator.domain;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableRangeSet;
import com.google.common.collect.Range;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.emulator.state.Digest;

/** A field that a digest forgets would merge states that differ; one that a copy forgets would split states that are equal. */
class StateDigestTest {
  private final World world = new World(Semantics.baseline(SecurityPolicy.DUMMY), 0x1000, 16, 1 << 20, 0);
  private final Domain domain = world.addDomain(DomainConfig.guest(1, 4));

  @Test
  void every_number_in_a_vcpu_shows_in_the_digest_and_is_copied() throws ReflectiveOperationException {
    assertEveryFlipShows(domain.vcpu(0), Vcpu.class, "number", "atHypercall", "stuck", "aborted", "preemptAfter", "sleep");
  }

  @Test
  void every_register_shows_in_the_digest_and_is_copied() {
    for (int register = 0; register < 5; register++) {
      long before = digest(world);
      domain.vcpu(0).setX(register, 77);
      assertThat(digest(world)).as("x%d", register).isNotEqualTo(before).isEqualTo(digest(world.copy(new Host())));
    }
  }

  @Test
  void every_number_in_a_domain_shows_in_the_digest_and_is_copied() throws ReflectiveOperationException {
    assertEveryFlipShows(domain, Domain.class, "sharedInfo");
    assertEveryFlipShows(domain, PageOwner.class, "totPages", "xenHeapPages");
    assertEveryFlipShows(domain.run(), RunState.class, "pauses", "shutdown", "noted");
    for (Life life : new Life[] {Life.DYING, Life.DEAD}) {
      long before = digest(world);
      domain.run().setLife(life);
      assertThat(digest(world)).as(life.name()).isNotEqualTo(before).isEqualTo(digest(world.copy(new Host())));
    }
  }

  @Test
  void what_a_domain_is_created_with_shows_in_the_digest() {
    DomainConfig config = DomainConfig.guest(1, 4);
    List<DomainConfig> configs =
        List.of(
            config,
            DomainConfig.guest(2, 4),
            DomainConfig.guest(1, 5),
            config.withPrivilege(true),
            config.withVcpus(2),
            config.withHardware(true),
            config.withTarget(7),
            config.withTarget(0),
            config.withMemory(MemoryConfig.ORDINARY.withPoolPages(99)),
            config.withMemory(MemoryConfig.ORDINARY.withDirectMapped(true)),
            config.withMemory(MemoryConfig.ORDINARY.withStaticMemory(true)),
            config.withMemory(MemoryConfig.ORDINARY.withVirtualNodes(2)),
            config.withMemory(MemoryConfig.ORDINARY.withDevices(ImmutableRangeSet.of(Range.closedOpen(4L, 5L)))),
            config.withMemory(MemoryConfig.ORDINARY.withDevices(ImmutableRangeSet.of(Range.closedOpen(4L, 6L)))));
    assertThat(configs.stream().map(StateDigestTest::digestOfWorldWith)).doesNotHaveDuplicates();
  }

  @Test
  void static_pages_that_wait_for_their_domain_show_in_the_digest_in_their_order_and_are_copied() {
    World one = worldThatGaveBack(0x1001, 0x1002);
    assertThat(digest(one)).isNotEqualTo(digest(worldThatGaveBack(0x1002, 0x1001))).isEqualTo(digest(one.copy(new Host())));
    assertThat(one.copy(new Host()).domain(1).allocateReserved()).isEqualTo(0x1001);
    assertThat(one.domain(1).allocateReserved()).as("of the copy alone").isEqualTo(0x1001);
  }

  private static World worldThatGaveBack(long... mfns) {
    World world = new World(Semantics.baseline(SecurityPolicy.DUMMY), 0x1000, 16, 1 << 20, 0);
    Domain domain = world.addDomain(DomainConfig.guest(1, 4).withMemory(MemoryConfig.ORDINARY.withStaticMemory(true)));
    domain.ownRam(0x1001);
    domain.ownRam(0x1002);
    for (long mfn : mfns) {
      world.memory().putAllocation(mfn);
    }
    return world;
  }

  @Test
  void routines_show_in_the_digest_as_guest_or_as_call() {
    long idle = digest(world);
    domain.vcpu(0).setGuest(new Numbered(1));
    long guest = digest(world);
    domain.vcpu(0).setGuest(new Numbered(2));
    long otherGuest = digest(world);
    domain.vcpu(0).setGuest(null);
    domain.vcpu(0).setCall(new Numbered(1));
    assertThat(List.of(idle, guest, otherGuest, digest(world))).doesNotHaveDuplicates();
  }

  @Test
  void a_routine_is_copied_with_its_vcpu() {
    Numbered routine = new Numbered(1);
    domain.vcpu(0).setGuest(routine);
    domain.vcpu(0).setCall(new Numbered(5));
    World copy = world.copy(new Host());
    assertThat(digest(copy)).isEqualTo(digest(world));
    routine.number = 2;
    assertThat(digest(copy)).isNotEqualTo(digest(world));
  }

  private void assertEveryFlipShows(Object holder, Class<?> type, String... among) throws ReflectiveOperationException {
    List<Field> fields = numbersOf(type);
    assertThat(fields).extracting(Field::getName).contains(among);
    for (Field field : fields) {
      assertFlipShows(field, holder);
    }
  }

  private void assertFlipShows(Field field, Object holder) throws ReflectiveOperationException {
    field.setAccessible(true);
    long before = digest(world);
    if (field.getType() == boolean.class) {
      field.setBoolean(holder, !field.getBoolean(holder));
    } else if (field.getType() == int.class) {
      field.setInt(holder, field.getInt(holder) ^ 1);
    } else {
      field.setLong(holder, field.getLong(holder) ^ 1);
    }
    assertThat(digest(world)).as(field.getName()).isNotEqualTo(before);
    assertThat(digest(world.copy(new Host()))).as("copy of " + field.getName()).isEqualTo(digest(world));
  }

  private static List<Field> numbersOf(Class<?> type) {
    return Arrays.stream(type.getDeclaredFields())
        .filter(field -> field.getType().isPrimitive() && !Modifier.isFinal(field.getModifiers()))
        .toList();
  }

  private static long digestOfWorldWith(DomainConfig config) {
    World world = new World(Semantics.baseline(SecurityPolicy.DUMMY), 0x1000, 16, 1 << 20, 0);
    world.addDomain(config);
    return digest(world);
  }

  private static long digest(World world) {
    Digest digest = new Digest();
    world.digest(digest);
    return digest.value();
  }

  private static final class Numbered extends Routine {
    private int number;

    Numbered(int number) {
      this.number = number;
    }

    @Override
    public boolean step(Vcpu vcpu) {
      return false;
    }

    @Override
    public void digest(Digest digest) {
      digest.add(number);
    }
  }
}
