package org.xenarium.emulator.guest;

import java.util.List;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;

/** A thread for tests: takes a semaphore, notes that it has it, sleeps, gives it back, and leaves its name in x0. */
final class Waiter extends Routine {
  private final Semaphore semaphore;
  private final List<String> log;
  private final int name;
  private final long nanos;
  private int phase;
  private long ticket;

  Waiter(Semaphore semaphore, List<String> log, int name, long nanos) {
    this.semaphore = semaphore;
    this.log = log;
    this.name = name;
    this.nanos = nanos;
  }

  @Override
  public boolean isWaiting(Vcpu vcpu) {
    return ticket != 0 && semaphore.isQueued(ticket);
  }

  @Override
  public boolean step(Vcpu vcpu) {
    switch (phase++) {
      case 0 -> ticket = semaphore.take(Semaphore.ticket(vcpu)) ? 0 : Semaphore.ticket(vcpu);
      case 1 -> {
        ticket = 0;
        log.add("%d has it at %d".formatted(name, vcpu.world().now()));
        vcpu.setX(0, name);
        vcpu.sleep(nanos);
      }
      case 2 -> {
        semaphore.give();
        log.add("%d gives it, x0 is %d".formatted(name, vcpu.x(0)));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  @Override
  public void digest(Digest digest) {
    semaphore.digest(digest);
    digest.add(name).add(nanos).add(phase).add(ticket);
  }
}
