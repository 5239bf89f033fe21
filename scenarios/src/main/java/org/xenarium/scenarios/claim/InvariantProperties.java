package org.xenarium.scenarios.claim;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.gnttab.driver.GuestInvariant;
import org.xenarium.gnttab.driver.GuestInvariants;
import org.xenarium.gnttab.driver.GuestViolation;
import org.xenarium.gnttab.driver.GuestWatch;
import org.xenarium.gnttab.invariant.Findings;
import org.xenarium.gnttab.invariant.Invariant;
import org.xenarium.gnttab.invariant.Invariants;
import org.xenarium.gnttab.invariant.Violation;
import org.xenarium.gnttab.invariant.Watch;
import org.xenarium.scenarios.campaign.Finding;
import org.xenarium.scenarios.campaign.Property;
import org.xenarium.scenarios.campaign.Tally;
import org.xenarium.scenarios.play.OtherDriver;
import org.xenarium.scenarios.vocabulary.Manner;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.RunWatcher;

/**
 * Properties that invariants say, looked at by one watch: a machine has one at a time. What does not hold is told of the property that says it
 * with the fewest invariants.
 */
final class InvariantProperties implements Property {
  private final ImmutableList<InvariantProperty> properties;
  private final ImmutableSet<Invariant> hypervisor;
  private final ImmutableSet<GuestInvariant> guest;

  /** Knows how the runs begin; null where they begin in different ways. */
  private final @Nullable Watch known;

  InvariantProperties(List<InvariantProperty> properties) {
    this(properties, null);
  }

  private InvariantProperties(List<InvariantProperty> properties, @Nullable Watch known) {
    this.known = known;
    this.properties = ImmutableList.sortedCopyOf(Comparator.comparingInt(InvariantProperty::size), properties);
    hypervisor = properties.stream().flatMap(property -> property.hypervisor().stream()).collect(Sets.toImmutableEnumSet());
    guest = properties.stream().flatMap(property -> property.guest().stream()).collect(Sets.toImmutableEnumSet());
  }

  @Override
  public String name() {
    return "invariants";
  }

  @Override
  public String statement() {
    return "the invariants of these properties hold";
  }

  /** The property that is told when this does not hold. */
  String owner(Invariant invariant) {
    return owner(property -> property.hypervisor().contains(invariant));
  }

  private String owner(Predicate<InvariantProperty> says) {
    return properties.stream().filter(says).findFirst().orElseThrow().name();
  }

  @Override
  public Property beginningWith(Run run) {
    return hypervisor.isEmpty() ? this : new InvariantProperties(properties, Invariants.survey(run.stage().machine(), hypervisor));
  }

  @Override
  public void observe(Run run, Consumer<Finding> findings, Tally tally) {
    hypervisor.forEach(invariant -> tally.count(invariant.id(), 0));
    guest.forEach(invariant -> tally.count(invariant.id(), 0));
    Looks looks = new Looks(findings, tally);
    if (!hypervisor.isEmpty()) {
      looks.atHypervisor(run.stage().machine());
    }
    if (!guest.isEmpty() && run.setting().manners().contains(Manner.DRIVER)) {
      looks.atGuests(run);
    }
    run.watch(looks);
  }

  /** How a run is looked at. What was put to the test is counted when it ends, and also when it is ended by what was found. */
  private final class Looks implements RunWatcher {
    private final Consumer<Finding> findings;
    private final Tally tally;
    private @Nullable Watch watch;
    private @Nullable GuestWatch guests;

    Looks(Consumer<Finding> findings, Tally tally) {
      this.findings = findings;
      this.tally = tally;
    }

    void atHypervisor(Machine machine) {
      Findings reports = new Findings() {
        @Override
        public void violated(Violation violation) {
          found(new Finding(owner(violation.invariant()), violation.invariant().id(), violation.toString()), tests(violation.invariant()));
        }
      };
      watch = known == null ? Invariants.watch(machine, hypervisor, reports) : known.copy(machine, reports);
    }

    void atGuests(Run run) {
      guests = GuestInvariants.watch(run.stage().machine(), guest, violation -> {
        if (isHeldTo(run, violation)) {
          String name = owner(property -> property.guest().contains(violation.invariant()));
          found(new Finding(name, violation.invariant().id(), violation.toString()), tests(violation.invariant()));
        }
      });
    }

    /** What is violated was put to the test, whether or not the watch counts where it found it. */
    private void found(Finding finding, long tests) {
      count();
      tally.count(finding.what(), tests == 0 ? 1 : 0);
      findings.accept(finding);
    }

    @Override
    public void finished() {
      if (watch != null) {
        watch.audit();
      }
      if (guests != null) {
        guests.audit();
      }
      count();
    }

    private void count() {
      hypervisor.forEach(invariant -> tally.count(invariant.id(), tests(invariant)));
      guest.forEach(invariant -> tally.count(invariant.id(), tests(invariant)));
    }

    private long tests(Invariant invariant) {
      return watch == null ? 0 : watch.tests(invariant);
    }

    private long tests(GuestInvariant invariant) {
      return guests == null ? 0 : guests.tests(invariant);
    }
  }

  /** What other drivers promise nobody knows. */
  private static boolean isHeldTo(Run run, GuestViolation violation) {
    Domain held = run.stage().machine().world().domain(violation.domid());
    boolean hasOther = held != null && held.has(OtherDriver.class);
    return run.setting().isHeldTo(violation.domid(), violation.invariant()) && !hasOther;
  }
}
