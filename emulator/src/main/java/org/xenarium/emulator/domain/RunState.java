package org.xenarium.emulator.domain;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.state.Digest;
import org.xenarium.emulator.trace.LifeEvent;

/** Whether a domain runs, and if not, what keeps it from that: pauses, a shutdown, or its destruction (spec §5.1). */
final class RunState {
  private final Domain domain;
  private Life life = Life.ALIVE;

  /** How often it was paused more than unpaused. */
  private int pauses;

  private int shutdown = Domain.RUNNING;

  /** What a later shutdown will be said to be for, or {@link Domain#RUNNING}. */
  private int noted = Domain.RUNNING;

  private @Nullable DomainDeath death;

  RunState(Domain domain) {
    this.domain = domain;
  }

  RunState copy(Domain copied) {
    RunState copy = new RunState(copied);
    copy.life = life;
    copy.pauses = pauses;
    copy.shutdown = shutdown;
    copy.noted = noted;
    copy.death = death == null ? null : death.copy();
    return copy;
  }

  void digest(Digest digest) {
    digest.add(life).add(pauses).add(shutdown).add(noted).add(death != null);
    if (death != null) {
      death.digest(digest);
    }
  }

  Life life() {
    return life;
  }

  void setLife(Life life) {
    this.life = life;
  }

  boolean mayRun() {
    return pauses == 0 && isOn();
  }

  /** Not shut down, and nobody has begun to destroy it: if it does not run, it is because it is paused. */
  boolean isOn() {
    return life == Life.ALIVE && shutdown == Domain.RUNNING && death == null;
  }

  boolean isPaused() {
    return pauses > 0;
  }

  void pause() {
    pauses++;
    domain.world().trace().life(domain.id(), LifeEvent.PAUSED, 0);
  }

  void unpause() {
    if (pauses == 0) {
      throw new IllegalStateException("domain " + domain.id() + " is not paused");
    }
    pauses--;
    domain.world().trace().life(domain.id(), LifeEvent.UNPAUSED, 0);
  }

  int shutdownReason() {
    return shutdown;
  }

  void shutDown(int reason) {
    if (shutdown == Domain.RUNNING) {
      shutdown = noted == Domain.RUNNING ? reason : noted;
      noted = Domain.RUNNING;
      domain.world().tell(domain, LifeEvent.SHUT_DOWN, shutdown);
    }
  }

  void noteShutdownReason(int reason) {
    if (shutdown == Domain.RUNNING && noted == Domain.RUNNING) {
      noted = reason;
    }
  }

  @Nullable DomainDeath death() {
    return death;
  }

  void beginDeath() {
    if (death == null && life == Life.ALIVE) {
      death = new DomainDeath();
    }
  }

  void endDeath() {
    death = null;
  }
}
