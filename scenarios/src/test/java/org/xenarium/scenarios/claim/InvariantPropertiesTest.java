package org.xenarium.scenarios.claim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.xenarium.gnttab.invariant.Invariant;

/** What an invariant finds is told of the property that says it; that each invariant can fail is shown where it is defined. */
class InvariantPropertiesTest {
  private static InvariantProperties all() {
    return new InvariantProperties(Properties.all().stream().filter(InvariantProperty.class::isInstance).map(InvariantProperty.class::cast).toList());
  }

  @Test
  void what_does_not_hold_is_told_of_the_property_that_says_it_with_the_fewest_invariants() {
    assertThat(all().owner(Invariant.I19)).isEqualTo("revocation");
    assertThat(all().owner(Invariant.I34)).isEqualTo("read-only-is-never-writable");
    assertThat(all().owner(Invariant.I42)).isEqualTo("conservation");
    assertThat(all().owner(Invariant.I61)).isEqualTo("truthful-statuses");
    assertThat(all().owner(Invariant.I59)).isEqualTo("batch-semantics");
    assertThat(all().owner(Invariant.I36)).isEqualTo("failure-neutrality");
    assertThat(all().owner(Invariant.I51)).isEqualTo("a-dying-domain-harms-nobody");
    assertThat(all().owner(Invariant.I70)).isEqualTo("progress");
    assertThat(all().owner(Invariant.I10)).isEqualTo("hypervisor-invariants");
  }
}
