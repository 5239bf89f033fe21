package org.xenarium.gnttab.invariant;

import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.StepWatcher;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.rule.GrantRule;
import org.xenarium.gnttab.table.GrantCall;

/**
 * Looks at a machine after every step, however it is driven, and reports every invariant that does not hold and every rule of discipline that a
 * guest breaks. See {@link Invariants#watch}.
 *
 * <p>After a step it looks at what the step has touched; when no hypercall is being executed, at what was touched since the last such moment;
 * on demand at everything, see {@link #audit}. Its own knowledge (how things were before the step, how often each page is mapped, at which
 * address each handle was mapped) is no part of the machine. It allocates nothing as long as nothing is wrong.
 */
public final class Watch implements StepWatcher {
  /** So many things touched between two quiet moments are remembered one by one. */
  private static final int MOST = 1 << 14;

  private final State state;
  private final Step step = new Step();
  private final Touched touched = new Touched(MOST);
  private final Touched sinceQuiet;
  private final Report report;
  private final Findings findings;
  private final Checkers checkers;
  private final Follower follower;

  /** Something has changed since the last quiet moment. */
  private boolean isUnquiet = true;

  // Whose step it is, until the next one; not told by the step at hand when somebody looks within it.
  private @Nullable DomainView actor;
  private @Nullable VcpuView actorVcpu;

  private final GrantCall.PinVisitor toTouched = this::touch;

  Watch(Machine machine, Set<Invariant> chosen, Findings findings) {
    this(new State(machine), new Touched(MOST), chosen, findings);
    follower.outside();
    touched.clear();
    sinceQuiet.clear();
  }

  private Watch(State state, Touched sinceQuiet, Set<Invariant> chosen, Findings findings) {
    this.state = state;
    this.sinceQuiet = sinceQuiet;
    this.findings = findings;
    report = new Report(chosen, findings);
    Scene scene = new Scene(state, step, report, touched);
    checkers = new Checkers(scene);
    follower = new Follower(scene, checkers);
  }

  /** Begins to be told of the machine's steps. */
  Watch attach() {
    if (state.machine.world().isWatchedBy(Watch.class)) {
      throw new IllegalStateException("the machine has a watch already; stop it first");
    }
    follower.record(true);
    state.machine.world().watchSteps(this);
    return this;
  }

  /** Watches no more. */
  public void stop() {
    state.machine.world().unwatchSteps(this);
    follower.record(false);
  }

  /** A watch of a copy that has just been made of the machine, with the same knowledge; costs about what the copy of the machine does. */
  public Watch copy(Machine copied) {
    return copy(copied, findings);
  }

  /** As {@link #copy(Machine)}, with another to report to. */
  public Watch copy(Machine copied, Findings reports) {
    isUnquiet |= follower.outside();
    Touched since = sinceQuiet.copy();
    since.addAll(touched);
    Watch copy = new Watch(new State(state, copied), since, report.chosen(), reports);
    copy.isUnquiet = isUnquiet;
    return copy.attach();
  }

  /**
   * How often an invariant was put to the test: how often there was what it says something of, a pinned entry for instance. An invariant that
   * has held without that has shown nothing.
   */
  public long tests(Invariant invariant) {
    return report.testsOf(invariant);
  }

  // Steps.

  @Override
  public void before(Vcpu vcpu) {
    boolean outside = follower.outside();
    DomainView view = actor != null && actor.domain == vcpu.domain() ? actor : listed(vcpu.domain());
    VcpuView of = view.vcpus[vcpu.id()];
    actor = view;
    actorVcpu = of;
    boolean call = vcpu.call() != null || vcpu.atHypercall();
    step.begin(call ? Step.By.CALL : Step.By.GUEST, view, of);
    // What was done from outside is looked at after this step, and frames may be among it.
    step.framesChanged = outside;
    if (call) {
      GrantCall grant = step.beginCall(vcpu);
      if (step.starts) {
        checkers.calls.starts(view, of, vcpu);
      } else if (!of.inCall) {
        of.beginCall(step.elementsLeft);
      }
      if (grant != null) {
        grant.forEachPin(vcpu, toTouched);
      }
    }
  }

  /** What a call holds is looked at after its next step, whether the step touches it or forgets it. */
  private void touch(int granter, int ref, boolean readonly, int holder) {
    DomainView view = state.incarnation(granter);
    if (view != null) {
      touched.add(Touched.ENTRY, view.slot, ref & 0xffff_ffffL);
    }
  }

  @Override
  public void decided(Vcpu vcpu, long element, Rule rule) {
    step.decided(rule);
  }

  @Override
  public void after(Vcpu vcpu) {
    DomainView view = Objects.requireNonNull(actor);
    VcpuView of = Objects.requireNonNull(actorVcpu);
    GrantCall grant = State.callOf(vcpu);
    boolean silent = !step.framesChanged && follower.isSilent(view, grant);
    isUnquiet |= !silent;
    state.follow(vcpu, grant);
    if (!silent) {
      follower.follow();
    }
    if (step.by == Step.By.CALL) {
      callStepped(view, of, vcpu, grant);
    }
    if (silent) {
      checkTouched();
    } else {
      check(view);
    }
  }

  private void callStepped(DomainView view, VcpuView of, Vcpu vcpu, @Nullable GrantCall grant) {
    checkers.calls.counts(view, of, vcpu);
    boolean over = step.operation >= 0 && grant == null;
    for (int i = 0; i < step.decidedCount; i++) {
      elementEnds(view, of, step.decided[i]);
    }
    of.lastLock = step.lock;
    of.lastHeader = step.header;
    if (over) {
      callEnds(view, of, vcpu);
    }
  }

  private void elementEnds(DomainView view, VcpuView vcpu, Rule rule) {
    checkers.discipline.decided(view, rule);
    checkers.counters.elementEnds(vcpu, rule);
    checkers.handles.elementEnds(vcpu, rule);
    checkers.physmaps.elementEnds(vcpu, rule);
    if (rule == GrantRule.MAP_14 && step.decidedCount == 1) {
      checkers.calls.mapped(view, vcpu);
    }
    checkers.calls.decided(view, vcpu, rule);
    vcpu.beginElement();
  }

  private void callEnds(DomainView view, VcpuView vcpu, Vcpu raw) {
    checkers.counters.callEnds(vcpu);
    vcpu.continuing = raw.atHypercall();
    vcpu.inCall = vcpu.continuing;
    vcpu.lastLock = 0;
    boolean withinMulticall = raw.call() != null;
    if (!vcpu.continuing && !withinMulticall) {
      checkers.calls.finished(view, raw.x(0));
    }
  }

  @Override
  public void beforeDeath(Domain domain) {
    follower.outside();
    step.begin(Step.By.DEATH, listed(domain), null);
  }

  @Override
  public void afterDeath(Domain domain) {
    isUnquiet = true;
    state.findCalls();
    follower.follow();
    if (step.dropsOwnFrames && step.actor != null) {
      checkers.life.released(step.actor);
    }
    check(step.actor);
  }

  /** Looks at what was done from outside since the last step, as after a step. */
  public void look() {
    follower.outside();
    isUnquiet = true;
    state.findCalls();
    check(null);
    checkers.everyDomain();
  }

  /**
   * Looks at everything that there is, every entry, handle, physmap entry and frame: takes as long as the machine is large.
   */
  public void audit() {
    follower.outside();
    state.findCalls();
    checkers.everything(state.isQuiescent());
    touched.clear();
    sinceQuiet.clear();
  }

  // What is looked at.

  private DomainView listed(Domain domain) {
    DomainView view = state.find(domain.id());
    if (view == null) {
      throw new IllegalStateException("domain " + domain.id() + " takes a step and is not listed");
    }
    return view;
  }

  /** The checks after a step of that domain. */
  private void check(@Nullable DomainView actor) {
    if (step.framesChanged) {
      for (int i = 0; i < state.count(); i++) {
        checkers.pages.everyStep(state.view(i));
      }
      checkers.pages.conserved();
    }
    for (int i = 0; i < state.count(); i++) {
      checkers.changed(state.view(i), actor);
    }
    checkTouched();
  }

  /** All that is to be checked after a step that has changed nothing but what its vCPU knows. */
  private void checkTouched() {
    checkers.everyStep(touched);
    checkers.life.progress();
    sinceQuiet.addAll(touched);
    touched.clear();
    if (isUnquiet && state.isQuiescent()) {
      quiet();
    }
  }

  private void quiet() {
    if (sinceQuiet.everything()) {
      checkers.everything(true);
    } else {
      checkers.quiescent(sinceQuiet);
      checkers.quiescentDomains();
    }
    sinceQuiet.clear();
    isUnquiet = false;
  }
}
