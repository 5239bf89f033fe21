package org.xenarium.emulator;

import org.xenarium.emulator.domain.Alarm;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainDeath;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.domain.World;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.time.EventQueue;

/**
 * Lets a machine go on in the order of time. Who cannot take the step that an event gives it waits, without events, and is asked again after
 * every step that somebody else has taken.
 */
final class EventLoop implements Alarm {
  private final World world;
  private final Steps steps;
  private final CostModel costs;
  private final EventQueue events;

  /** Who waits, in the order in which they began to. */
  private final EventQueue waiting;

  EventLoop(World world, Steps steps, CostModel costs) {
    this(world, steps, costs, new EventQueue(), new EventQueue());
  }

  private EventLoop(World world, Steps steps, CostModel costs, EventQueue events, EventQueue waiting) {
    this.world = world;
    this.steps = steps;
    this.costs = costs;
    this.events = events;
    this.waiting = waiting;
    world.setAlarm(this);
  }

  EventLoop copy(World copiedWorld, Steps copiedSteps) {
    return new EventLoop(copiedWorld, copiedSteps, costs, events.copy(), waiting.copy());
  }

  void digest(Digest digest) {
    events.digest(digest);
    waiting.digest(digest);
  }

  CostModel costs() {
    return costs;
  }

  long now() {
    return events.now();
  }

  /** The vCPU takes its next step now, whatever was planned for it. */
  void start(Vcpu vcpu) {
    long actor = Actor.vcpu(vcpu);
    events.remove(actor);
    events.remove(Actor.endOfSleep(vcpu));
    waiting.remove(actor);
    if (vcpu.hasWork()) {
      events.schedule(0, actor);
    }
  }

  void scheduleDeath(Domain domain, long delay) {
    events.schedule(delay, Actor.death(domain));
  }

  /** The domain's vCPUs act no more. */
  private void forgetVcpus(Domain domain) {
    forget(domain, true);
  }

  /** Nothing of the domain acts any more. */
  void forget(Domain domain) {
    forget(domain, false);
  }

  private void forget(Domain domain, boolean exceptDeath) {
    int incarnation = domain.incarnation();
    long spared = exceptDeath ? Actor.death(domain) : -1;
    events.removeIf(actor -> Actor.incarnation(actor) == incarnation && actor != spared);
    waiting.removeIf(actor -> Actor.incarnation(actor) == incarnation && actor != spared);
  }

  /** Takes events up to that time, until none is left or all who are left wait. */
  void run(long until) {
    askAgain();
    while (!events.isEmpty() && events.nextTime() <= until) {
      long actor = events.take();
      world.setNow(events.now());
      act(actor);
    }
    if (until != Long.MAX_VALUE) {
      advance(until);
    }
  }

  /** That many nanoseconds pass without an event. */
  void pass(long nanos) {
    if (nanos > 0) {
      advance(events.now() + nanos);
    }
  }

  private void advance(long time) {
    events.advance(time);
    world.setNow(events.now());
  }

  private void act(long actor) {
    Domain domain = world.incarnation(Actor.incarnation(actor));
    if (domain != null) {
      switch (Actor.kind(actor)) {
        case VCPU -> act(domain.vcpu(Actor.number(actor)), actor);
        case DEATH -> actDeath(domain, actor);
        case INTERRUPT -> arrive(domain.vcpu(Actor.number(actor)));
        case END_OF_POLL -> {
          domain.vcpu(Actor.number(actor)).upcalls().endPoll();
          askAgain();
        }
        case END_OF_SLEEP -> wake(domain.vcpu(Actor.number(actor)));
      }
    }
  }

  /** Goes on at once, unless a handler of upcalls runs, after which it goes on. */
  private void wake(Vcpu vcpu) {
    long actor = Actor.vcpu(vcpu);
    if (!events.contains(actor) && !waiting.contains(actor)) {
      act(vcpu, actor);
    }
  }

  /** While guest code sleeps, its vCPU does nothing but take interrupts. */
  private boolean sleeps(Vcpu vcpu) {
    return vcpu.upcalls().running() == null && !vcpu.upcalls().isDue() && events.contains(Actor.endOfSleep(vcpu));
  }

  private void act(Vcpu vcpu, long actor) {
    if (sleeps(vcpu)) {
      return;
    }
    if (steps.enabled(vcpu)) {
      long cost = costs.nanos(vcpu);
      steps.step(vcpu);
      long sleep = vcpu.takeSleep();
      if (vcpu.hasWork()) {
        events.schedule(cost + sleep, sleep > 0 ? Actor.endOfSleep(vcpu) : actor);
      }
      askAgain();
    } else if (vcpu.hasWork()) {
      waiting.schedule(0, actor);
    }
  }

  @Override
  public void interrupt(Vcpu vcpu) {
    if (!events.contains(Actor.interrupt(vcpu))) {
      events.schedule(costs.interruptNanos(), Actor.interrupt(vcpu));
    }
  }

  @Override
  public void wakeAt(Vcpu vcpu, long nanos) {
    events.remove(Actor.endOfPoll(vcpu));
    if (nanos != 0) {
      events.schedule(Math.max(0, nanos - events.now()), Actor.endOfPoll(vcpu));
    }
  }

  boolean isOnItsWay(Vcpu vcpu) {
    return events.contains(Actor.interrupt(vcpu));
  }

  /** The interrupt is there, whenever it was planned; an idle vCPU has something to do now. */
  void arrive(Vcpu vcpu) {
    long actor = Actor.vcpu(vcpu);
    events.remove(Actor.interrupt(vcpu));
    vcpu.upcalls().arrive();
    askAgain();
    if (vcpu.hasWork() && !events.contains(actor) && !waiting.contains(actor)) {
      events.schedule(0, actor);
    }
  }

  private void actDeath(Domain domain, long actor) {
    domain.beginDeath();
    if (domain.death() == null) {
      return;
    }
    if (!steps.deathEnabled(domain)) {
      waiting.schedule(0, actor);
      return;
    }
    stepDeath(domain);
    if (domain.death() != null) {
      events.schedule(costs.deathNanos(), actor);
    }
    askAgain();
  }

  /** One step of a destruction; what can never happen after it is no longer planned. */
  boolean stepDeath(Domain domain) {
    DomainDeath death = domain.death();
    boolean stops = death != null && death.phase() == DomainDeath.Phase.STOP;
    boolean more = death != null && death.step(domain);
    if (!more) {
      forget(domain);
    } else if (stops) {
      forgetVcpus(domain);
    }
    return more;
  }

  /** Gives an event to all who waited and need not any more, be it because there is nothing left to wait for. */
  private void askAgain() {
    for (int i = waiting.size(); i > 0; i--) {
      long actor = waiting.take();
      (canAct(actor) ? events : waiting).schedule(0, actor);
    }
  }

  private boolean canAct(long actor) {
    Domain domain = world.incarnation(Actor.incarnation(actor));
    if (domain == null) {
      return true;
    }
    if (Actor.kind(actor) == Actor.Kind.DEATH) {
      return domain.death() == null || steps.deathEnabled(domain);
    }
    Vcpu vcpu = domain.vcpu(Actor.number(actor));
    return steps.enabled(vcpu) || !vcpu.hasWork();
  }
}
