package org.xenarium.emulator;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Vcpu;

/** Who acts in an event, as one number: the incarnation of a domain, what of it acts, and for a vCPU which one. */
final class Actor {
  /** What of a domain acts. */
  enum Kind {
    /** A vCPU takes its next step. */
    VCPU,
    /** The destruction of the domain takes its next step, or begins. */
    DEATH,
    /** The event-channel interrupt reaches a vCPU. */
    INTERRUPT,
    /** A vCPU's poll ends by itself. */
    END_OF_POLL,
    /** The guest code of a vCPU has slept enough. */
    END_OF_SLEEP
  }

  private static final Kind[] KINDS = Kind.values();
  private static final int KIND_SHIFT = 16;
  private static final int INCARNATION_SHIFT = 32;

  private Actor() {}

  static long vcpu(Vcpu vcpu) {
    return of(vcpu.domain(), Kind.VCPU) | vcpu.id();
  }

  static long death(Domain domain) {
    return of(domain, Kind.DEATH);
  }

  static long interrupt(Vcpu vcpu) {
    return of(vcpu.domain(), Kind.INTERRUPT) | vcpu.id();
  }

  static long endOfPoll(Vcpu vcpu) {
    return of(vcpu.domain(), Kind.END_OF_POLL) | vcpu.id();
  }

  static long endOfSleep(Vcpu vcpu) {
    return of(vcpu.domain(), Kind.END_OF_SLEEP) | vcpu.id();
  }

  private static long of(Domain domain, Kind kind) {
    return (long) domain.incarnation() << INCARNATION_SHIFT | (long) kind.ordinal() << KIND_SHIFT;
  }

  static int incarnation(long actor) {
    return (int) (actor >>> INCARNATION_SHIFT);
  }

  static Kind kind(long actor) {
    return KINDS[(int) (actor >>> KIND_SHIFT) & 0xffff];
  }

  /** Which vCPU, for the kinds that are one's. */
  static int number(long actor) {
    return (int) actor & 0xffff;
  }
}
