package org.xenarium.emulator.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xenarium.emulator.LentFrames;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.Trace;

/** The domain list and what a domain begins with, spec §0 and §3.0. */
class WorldTest {
  private final World world = new World(new Semantics(Release.V4_17, SecurityPolicy.SILO), 0x1000, 16, 1 << 20, 7);

  @Test
  void domains_are_listed_by_id_whatever_the_order_of_their_creation() {
    for (int id : new int[] {5, 0, 0x7fef, 3}) {
      world.addDomain(DomainConfig.guest(id, 1));
    }
    assertThat(world.domains()).extracting(Domain::id).containsExactly(0, 3, 5, 0x7fef);
    assertThat(world.domain(3)).extracting(Domain::id).isEqualTo(3);
    assertThat(world.domain(4)).isNull();
  }

  @Test
  void two_domains_of_one_id_cannot_be() {
    world.addDomain(DomainConfig.guest(5, 1));
    assertThatThrownBy(() -> world.addDomain(DomainConfig.guest(5, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("5");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, DomId.SELF, DomId.IO, DomId.XEN, DomId.COW, DomId.INVALID, 0xffff})
  void reserved_ids_are_never_found_and_cannot_be_taken(int id) {
    Domain domain = world.addDomain(DomainConfig.guest(1, 1));
    assertThat(world.domain(id)).isNull();
    assertThat(world.domainOrSelf(id, domain)).isEqualTo(id == DomId.SELF ? domain : null);
    assertThat(world.refusal(DomainConfig.guest(id, 1))).isEqualTo(ToolstackRule.CREATE_01);
    assertThatThrownBy(() -> world.addDomain(DomainConfig.guest(id, 1))).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_domain_has_1_to_128_vcpus() {
    assertThat(world.refusal(DomainConfig.guest(1, 1).withVcpus(0))).isEqualTo(ToolstackRule.CREATE_03);
    assertThat(world.refusal(DomainConfig.guest(1, 1).withVcpus(129))).isEqualTo(ToolstackRule.CREATE_03);
    assertThat(world.refusal(DomainConfig.guest(1, 1).withVcpus(128))).isNull();
    assertThat(world.addDomain(DomainConfig.guest(1, 1).withVcpus(3)).vcpuCount()).isEqualTo(3);
  }

  @Test
  void wishes_of_modules_are_found_by_their_type() {
    DomainConfig config = DomainConfig.guest(1, 1).with(String.class, "a wish").withPrivilege(true).withVcpus(2);
    assertThat(config.option(String.class)).contains("a wish");
    assertThat(config.option(Integer.class)).isEmpty();
    assertThat(List.of(config.id(), config.vcpus())).containsExactly(1, 2);
    assertThat(config.privileged()).isTrue();
  }

  @Test
  void what_no_module_keeps_is_not_found() {
    Domain domain = world.addDomain(DomainConfig.guest(1, 1));
    assertThatThrownBy(() -> domain.part(LentFrames.Part.class)).isInstanceOf(IllegalStateException.class).hasMessageContaining("Part");
  }

  @Test
  void a_new_domain_owns_its_shared_info_page_and_no_RAM() {
    Domain domain = world.addDomain(DomainConfig.guest(1, 4));
    assertThat(world.memory().owner(domain.sharedInfo())).isEqualTo(1);
    assertThat(world.memory().isXenHeap(domain.sharedInfo())).isTrue();
    assertThat(domain.totPages()).isZero();
    assertThat(domain.maxPages()).isEqualTo(4);
    assertThat(domain.life()).isEqualTo(Life.ALIVE);
    assertThat(domain.physmap().next(0)).isEqualTo(-1);
  }

  @Test
  void I46_RAM_counts_as_owned_mapped_or_not() {
    Domain domain = world.addDomain(DomainConfig.guest(1, 4));
    domain.ownRam(0x40, 0x1004, 2);
    assertThat(domain.totPages()).isEqualTo(2);
    long mfn = domain.allocateRam();
    assertThat(domain.totPages()).isEqualTo(3);
    world.memory().putAllocation(mfn);
    assertThat(domain.totPages()).isEqualTo(2);
    assertThat(domain.machineAddress(0x41_123)).isEqualTo(0x1005_123);
  }

  @Test
  void a_lent_page_that_nobody_has_seen_goes_back_to_the_host() {
    Domain domain = world.addDomain(DomainConfig.guest(1, 4));
    long before = digest(world);
    long mfn = domain.allocateXenHeap();
    assertThat(digest(world)).isNotEqualTo(before);
    domain.returnXenHeap(mfn);
    assertThat(world.memory().owner(mfn)).isEqualTo(-1);
    assertThat(digest(world)).isEqualTo(before);
    assertThat(domain.allocateXenHeap()).isEqualTo(mfn);
  }

  @Test
  void an_exhausted_host_gives_no_page_and_counts_none() {
    Domain domain = world.addDomain(DomainConfig.guest(1, 100));
    while (domain.allocateRam() >= 0) {}
    assertThat(domain.totPages()).isEqualTo(15);
    assertThat(domain.allocateXenHeap()).isEqualTo(-1);
  }

  @Test
  void a_domain_may_act_on_itself_and_a_control_domain_on_all() {
    Domain control = world.addDomain(DomainConfig.guest(0, 1).withPrivilege(true));
    Domain one = world.addDomain(DomainConfig.guest(1, 1));
    Domain two = world.addDomain(DomainConfig.guest(2, 1));
    assertThat(one.mayActOn(one)).isTrue();
    assertThat(one.mayActOn(two)).isFalse();
    assertThat(one.mayActOn(control)).isFalse();
    assertThat(control.mayActOn(one)).isTrue();
  }

  @Test
  void a_copy_has_the_same_domains_of_its_own_and_no_watcher() {
    Domain domain = world.addDomain(DomainConfig.guest(1, 4).withVcpus(2));
    domain.ownRam(0x40, 0x1004, 1);
    world.watch((domid, vcpu, element, rule) -> {});
    world.generator().nextInt();
    World copy = world.copy(new Host());
    assertThat(digest(copy)).isEqualTo(digest(world));
    assertThat(copy.trace()).isSameAs(Trace.NONE);
    assertThat(copy.semantics()).isEqualTo(world.semantics());
    Domain copied = copy.domains().getFirst();
    assertThat(copied).isNotSameAs(domain);
    assertThat(copied.world()).isSameAs(copy);
    assertThat(copied.vcpu(1).domain()).isSameAs(copied);
    copied.allocateRam();
    copied.vcpu(1).store(0x40_000, 8, 1);
    assertThat(domain.totPages()).isEqualTo(1);
    assertThat(domain.vcpu(0).load(0x40_000, 8)).isZero();
    assertThat(copy.generator().nextInt()).isEqualTo(world.generator().nextInt());
  }

  @Test
  void a_released_frame_of_the_copy_is_counted_in_the_copy() {
    Domain domain = world.addDomain(DomainConfig.guest(1, 4));
    domain.ownRam(0x40, 0x1004, 1);
    World copy = world.copy(new Host());
    copy.memory().putAllocation(0x1004);
    assertThat(copy.domains().getFirst().totPages()).isZero();
    assertThat(domain.totPages()).isEqualTo(1);
  }

  private static long digest(World world) {
    Digest digest = new Digest();
    world.digest(digest);
    return digest.value();
  }
}
