package org.xenarium.emulator;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.DomainPart;
import org.xenarium.emulator.hypercall.HypercallHandler;

/** Handles one hypercall. */
final class Handling implements Module {
  private final int number;
  private final HypercallHandler handler;

  Handling(int number, HypercallHandler handler) {
    this.number = number;
    this.handler = handler;
  }

  @Override
  public void register(Registry registry) {
    registry.hypercall(number, handler);
  }

  @Override
  public DomainPart create(Domain domain, DomainConfig config) {
    return new LentFrames().create(domain, config);
  }
}
