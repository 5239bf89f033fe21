package org.xenarium.scenarios.play;

import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.UpcallHandler;
import org.xenarium.emulator.domain.Vcpu;

/**
 * A guest's handler of upcalls that counts the events of each port in its memory.
 *
 * @param info guest address of shared_info
 * @param counts guest address of a u32 for each port
 */
record EventCounter(long info, long counts) implements UpcallHandler {
  @Override
  public Routine start(Vcpu vcpu) {
    return new CountingEvents(info, counts);
  }
}
