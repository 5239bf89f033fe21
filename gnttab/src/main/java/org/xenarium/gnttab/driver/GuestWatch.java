package org.xenarium.gnttab.driver;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.StepWatcher;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.domain.World;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.table.GrantCall;
import org.xenarium.gnttab.table.GrantTable;

/**
 * Looks at guests with a driver, however the machine is driven, and reports every invariant of theirs that does not hold. See {@link
 * GuestInvariants#watch}.
 *
 * <p>A call is judged when it returns, the state of a guest when none of its calls is under way any more. G4, G5, G9 and G10 are about what one
 * call has done, so they are expected only of calls that had the guest to themselves: no other call, and no hypercall past the driver. After a
 * panic nothing is expected of a guest, nor after a store of another domain's into its table.
 */
public final class GuestWatch implements StepWatcher {
  private final World world;
  private final ImmutableSet<GuestInvariant> chosen;
  private final Consumer<GuestViolation> findings;
  private final List<GuestView> views = new ArrayList<>();
  private final GuestTests tests = new GuestTests();
  private final GrantCall.PinVisitor toPinned = this::pinned;

  /** How many calls the step at hand is in, one within the other. */
  private int depth;

  GuestWatch(World world, Set<GuestInvariant> chosen, Consumer<GuestViolation> findings) {
    this.world = world;
    this.chosen = Sets.immutableEnumSet(chosen);
    this.findings = findings;
    for (Domain domain : world.domains()) {
      view(domain);
    }
  }

  /** Watches no more. */
  public void stop() {
    world.unwatchSteps(this);
  }

  /**
   * Declares bytes of a guest to be meant for nobody else: no page that it grants may hold them (G15). A byte stays secret until the guest
   * itself stores something there.
   *
   * @param address guest address of the first byte
   */
  public void secret(int domid, long address, long length) {
    Domain domain = world.domain(domid);
    GuestView view = domain == null ? null : view(domain);
    if (view == null) {
      throw new IllegalArgumentException("domain " + domid + " has no driver");
    }
    if (view.secrets == null) {
      view.secrets = new Secrets(view.domain);
    }
    view.secrets.mark(address, length, true);
  }

  /**
   * How often an invariant was put to the test: how often there was what it says something of, somebody who waits for instance. An invariant that
   * has held without that has shown nothing.
   */
  public long tests(GuestInvariant invariant) {
    return tests.of(invariant);
  }

  /** Looks at the state of every guest that has no call under way. */
  public void audit() {
    for (Domain domain : world.domains()) {
      GuestView view = view(domain);
      if (view != null && view.isWatched() && view.isIdle()) {
        GuestState.check(domain, tests).forEach(this::report);
      }
    }
  }

  private void report(GuestViolation violation) {
    if (chosen.contains(violation.invariant())) {
      findings.accept(violation);
    }
  }

  private void report(GuestInvariant invariant, GuestView view, String message) {
    report(new GuestViolation(invariant, view.domain.id(), message));
  }

  /** What is known of a guest, from now on if it is new; null for domains without a driver. */
  private @Nullable GuestView view(Domain domain) {
    for (GuestView view : views) {
      if (view.domain == domain) {
        return view;
      }
    }
    if (!GuestState.isWatched(domain)) {
      return null;
    }
    views.removeIf(old -> world.domain(old.domain.id()) != old.domain);
    GuestView view = new GuestView(domain, tests);
    views.add(view);
    return view;
  }

  // Calls.

  @Override
  public void before(Vcpu vcpu) {
    depth = 0;
  }

  @Override
  public void beforeCall(Vcpu vcpu, Routine call) {
    GuestView view = view(vcpu.domain());
    if (depth++ == 0 && view != null) {
      view.steps(call);
    }
  }

  @Override
  public void guest(Vcpu vcpu, Rule rule, long value) {
    GuestView view = view(vcpu.domain());
    if (view != null) {
      view.monitor.says(rule);
    }
  }

  @Override
  public void afterCall(Vcpu vcpu, Routine call, boolean isOver) {
    depth--;
    GuestView view = view(vcpu.domain());
    if (view == null) {
      return;
    }
    if (isOver && call instanceof GrantAccess && (int) vcpu.x(0) != GrantAccess.INVALID && view.isWatched()) {
      view.granted((int) vcpu.x(0));
      exposed(view, view.granting((int) vcpu.x(0)), (int) vcpu.x(0));
    }
    if (depth == 0) {
      view.stepped(vcpu, true);
      if (isOver) {
        ends(vcpu, view, call);
      }
    }
  }

  private void ends(Vcpu vcpu, GuestView view, Routine call) {
    view.ends(vcpu, call);
    view.monitor.takeViolations().forEach(this::report);
    if (!view.isWatched()) {
      return;
    }
    if (call instanceof EndAccess end && end.ref() >= 0 && view.released.get(end.ref())) {
      released(view, end.ref());
    }
    if (view.isIdle()) {
      view.state().forEach(this::report);
    } else if (view.onlyWaits(vcpu)) {
      List<GuestViolation> waits = new ArrayList<>(0);
      GuestState.g12NobodyWaitsForNothing(view.domain, GrantDriver.of(view.domain), waits, tests);
      waits.forEach(this::report);
    }
  }

  private void released(GuestView view, int ref) {
    tests.tests(GuestInvariant.G13);
    if (GrantTable.of(view.domain).active().pin(ref) != 0) {
      report(GuestInvariant.G13, view, "reference " + ref + " was released while it is pinned");
    }
  }

  // Hypercalls and accesses.

  @Override
  public void decided(Vcpu vcpu, long element, Rule rule) {
    GuestView view = view(vcpu.domain());
    if (view != null) {
      view.decided(vcpu);
    }
  }

  @Override
  public void after(Vcpu vcpu) {
    GuestView view = view(vcpu.domain());
    if (view != null) {
      view.stepped(vcpu, false);
    }
    Routine call = vcpu.call();
    if (call != null && call.innermost() instanceof GrantCall grant && grant.operation() != GnttabOp.UNMAP_GRANT_REF) {
      grant.forEachPin(vcpu, toPinned);
    }
  }

  /** A map or a copy has that entry pinned. */
  private void pinned(int granter, int ref, boolean readonly, int holder) {
    for (GuestView view : views) {
      if (view.domain.incarnation() == granter && view.isWatched()) {
        if (view.released.get(ref)) {
          report(GuestInvariant.G13, view, "domain " + holder + " reaches a page by reference " + ref + ", whose release was reported");
        }
        exposed(view, GrantTable.of(view.domain).active().mfn(ref), ref);
      }
    }
  }

  private void exposed(GuestView view, long mfn, int ref) {
    tests.testsIf(view.secrets != null, GuestInvariant.G15);
    int count = view.secrets == null ? 0 : view.secrets.count(mfn);
    if (count > 0) {
      report(GuestInvariant.G15, view, "the page granted by reference " + ref + " holds " + count + " secret bytes");
    }
  }

  @Override
  public void accessed(Vcpu vcpu, boolean store, long address, int size) {
    for (int i = 0; store && i < views.size(); i++) {
      views.get(i).stored(vcpu.domain(), address);
    }
    GuestView view = view(vcpu.domain());
    if (view == null) {
      return;
    }
    if (store && view.secrets != null) {
      view.secrets.mark(address, size, false);
    }
    long last = address + size - 1;
    if (view.isInRegion(address) || view.isInRegion(last)) {
      tests.tests(GuestInvariant.G14);
    }
    if (view.isNowhere(address) || view.isNowhere(last)) {
      report(GuestInvariant.G14, view, (store ? "stores " : "loads ") + size + " bytes at 0x" + Long.toHexString(address) + ", where nothing is mapped");
    }
  }
}
