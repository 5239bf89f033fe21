package org.xenarium.gnttab.invariant;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.xenarium.emulator.Machine;

/**
 * Whether a machine keeps the invariants of grant tables. {@link #watch(Machine)} looks at it from now on, step by step; {@link #check} once,
 * as it is.
 *
 * <pre>{@code
 * Machine machine = ...;
 * Invariants.watch(machine);
 * machine.run(); // throws a ViolatedException at the step that breaks an invariant
 * }</pre>
 */
public final class Invariants {
  /** All of them. */
  public static final ImmutableSet<Invariant> ALL = Sets.immutableEnumSet(ImmutableSet.copyOf(Invariant.values()));

  private Invariants() {}

  /** Watches for all invariants; the first that does not hold ends the step with a {@link ViolatedException}. */
  public static Watch watch(Machine machine) {
    return watch(machine, ALL, Findings.THROW);
  }

  /**
   * Watches for chosen invariants. The machine may be in any state; of mappings that it has already, the addresses are taken from its
   * physmaps. A machine has one watch at a time.
   *
   * @param chosen what to report; rules of discipline are always reported
   * @param findings where to report
   */
  public static Watch watch(Machine machine, Set<Invariant> chosen, Findings findings) {
    return new Watch(machine, chosen, findings).attach();
  }

  /**
   * A watch that knows the machine as it is and is told of no steps: it costs less to {@linkplain Watch#copy(Machine, Findings) copy} it for each
   * copy of the machine than to let each get to know its own. It reports nothing.
   *
   * @param machine in which nothing is done from now on
   */
  public static Watch survey(Machine machine, Set<Invariant> chosen) {
    return new Watch(machine, chosen, violation -> {});
  }

  /** What does not hold in this state, as far as a single look tells: nothing about transitions. Good guests are assumed. */
  public static List<Violation> check(Machine machine) {
    List<Violation> found = new ArrayList<>();
    new Watch(machine, ALL, found::add).audit();
    return found;
  }
}
