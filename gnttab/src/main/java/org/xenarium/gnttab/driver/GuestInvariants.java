package org.xenarium.gnttab.driver;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.util.Set;
import java.util.function.Consumer;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.World;

/**
 * Whether guests with a driver keep their invariants. {@link #watch(Machine)} looks at them from now on, {@link #check} once, as they are.
 *
 * <pre>{@code
 * Machine machine = ...;
 * GuestInvariants.watch(machine);
 * machine.run(); // throws a GuestViolatedException at the step that breaks an invariant
 * }</pre>
 */
public final class GuestInvariants {
  /** All of them. */
  public static final ImmutableSet<GuestInvariant> ALL = Sets.immutableEnumSet(ImmutableSet.copyOf(GuestInvariant.values()));

  private GuestInvariants() {}

  /** Watches for all invariants; the first that does not hold ends the step with a {@link GuestViolatedException}. */
  public static GuestWatch watch(Machine machine) {
    return watch(
        machine,
        ALL,
        violation -> {
          throw new GuestViolatedException(violation);
        });
  }

  /**
   * Watches for chosen invariants. Guests may have grants and mappings already, which count as theirs; calls under way are judged as if they
   * began now. Others may watch the same machine.
   *
   * @param findings takes what is violated
   */
  public static GuestWatch watch(Machine machine, Set<GuestInvariant> chosen, Consumer<GuestViolation> findings) {
    GuestWatch watch = new GuestWatch(machine.world(), chosen, findings);
    machine.world().watchSteps(watch);
    return watch;
  }

  /** What does not hold in this state, in which no call may be under way, of G1, G6, G7, G8, G11 and G12; empty when all is well. */
  public static ImmutableList<GuestViolation> check(World world) {
    ImmutableList.Builder<GuestViolation> violations = ImmutableList.builder();
    for (Domain domain : world.domains()) {
      violations.addAll(GuestState.check(domain, new GuestTests()));
    }
    return violations.build();
  }
}
