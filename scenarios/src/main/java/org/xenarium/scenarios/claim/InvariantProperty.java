package org.xenarium.scenarios.claim;

import com.google.common.collect.ImmutableSet;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.xenarium.gnttab.driver.GuestInvariant;
import org.xenarium.gnttab.invariant.Invariant;
import org.xenarium.scenarios.campaign.Finding;
import org.xenarium.scenarios.campaign.Property;
import org.xenarium.scenarios.campaign.Tally;
import org.xenarium.scenarios.vocabulary.Run;

/**
 * A property that some invariants say.
 *
 * @param hypervisor invariants of grant tables
 * @param guest invariants of guests with a driver, which only those guests are held to that use their driver as it asks
 */
record InvariantProperty(String name, String statement, ImmutableSet<Invariant> hypervisor, ImmutableSet<GuestInvariant> guest) implements Property {
  /** The property that these invariants say, given by their numbers such as {@code "I19"} and {@code "G13"}. */
  static InvariantProperty of(String name, String statement, String... numbers) {
    return new InvariantProperty(name, statement,
        Arrays.stream(numbers).filter(number -> number.startsWith("I")).map(Invariant::valueOf).collect(ImmutableSet.toImmutableSet()),
        Arrays.stream(numbers).filter(number -> number.startsWith("G")).map(GuestInvariant::valueOf).collect(ImmutableSet.toImmutableSet()));
  }

  int size() {
    return hypervisor.size() + guest.size();
  }

  @Override
  public void observe(Run run, Consumer<Finding> findings, Tally tally) {
    new InvariantProperties(List.of(this)).observe(run, findings, tally);
  }
}
