package org.xenarium.emulator.domain;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.state.Digest;

/**
 * The event-channel interrupt of a vCPU: whether it is there and may be taken, the handler's code while it runs on top of what it interrupted,
 * and what the vCPU waits for while it is blocked. A guest without a handler has none of this.
 */
public final class Upcalls {
  private enum Wait {
    NONE,
    /** For any event: WFI, or SCHEDOP_block. */
    EVENT,
    /** For an event on a port: SCHEDOP_poll. */
    POLL
  }

  private final Vcpu vcpu;
  private @Nullable UpcallHandler handler;
  private boolean enabled;
  private boolean asserted;
  private Wait wait = Wait.NONE;

  /** The one port that is polled; 0 for several. */
  private int polled;

  /** The handler's code, and the registers of the code that it interrupted; all zero when no handler runs. */
  private @Nullable Routine running;

  private Registers interrupted = Registers.ZERO;

  Upcalls(Vcpu vcpu) {
    this.vcpu = vcpu;
  }

  Upcalls copy(Vcpu copied) {
    Upcalls copy = new Upcalls(copied);
    copy.handler = handler;
    copy.enabled = enabled;
    copy.asserted = asserted;
    copy.wait = wait;
    copy.polled = polled;
    copy.running = running == null ? null : running.copy();
    copy.interrupted = interrupted;
    return copy;
  }

  void digest(Digest digest) {
    digest.add(handler != null).add(enabled).add(asserted).add(wait).add(polled).add(running != null);
    if (running != null) {
      running.digest(digest);
      interrupted.digest(digest);
    }
  }

  /** The guest has a handler from now on. */
  public void install(UpcallHandler installed) {
    handler = installed;
    asserted = vcpu.hasEvents();
  }

  /** The guest takes interrupts from now on, which a new vCPU does not; or no longer. */
  public void enable(boolean on) {
    enabled = on;
  }

  public boolean isEnabled() {
    return enabled;
  }

  /** WFI: nothing more until there is an event, be interrupts enabled or not. */
  public void waitForEvent() {
    if (!vcpu.hasEvents()) {
      wait = Wait.EVENT;
    }
  }

  /** SCHEDOP_poll: nothing more until there is an event on {@code port}, or on any one for 0. */
  public void poll(int port) {
    wait = Wait.POLL;
    polled = port;
  }

  /** True while the vCPU does nothing because it waits for an event. */
  public boolean isBlocked() {
    return wait != Wait.NONE;
  }

  /** An event was told in the vCPU's vcpu_info. */
  public void told() {
    asserted = false;
    if (handler != null || wait != Wait.NONE) {
      vcpu.world().alarm().interrupt(vcpu);
    }
  }

  /** A port has become pending, masked or not. */
  public void pending(int port) {
    if (wait == Wait.POLL && (polled == 0 || polled == port)) {
      wake();
    }
  }

  /** The interrupt is there. */
  public void arrive() {
    asserted = handler != null;
    wake();
  }

  /** A poll has lasted long enough. */
  public void endPoll() {
    if (wait == Wait.POLL) {
      wake();
    }
  }

  private void wake() {
    wait = Wait.NONE;
    polled = 0;
  }

  /** True when the next thing that the vCPU does, unless it is in a hypercall, is to take the interrupt. Level-triggered: only while an event is told. */
  public boolean isDue() {
    return asserted && enabled && vcpu.interruptMasks() == 0 && handler != null && running == null && vcpu.hasEvents();
  }

  /** The handler's code, while it runs. */
  public @Nullable Routine running() {
    return running;
  }

  /** Takes the interrupt that {@link #isDue}. */
  void enter() {
    Routine code = handler == null ? null : handler.start(vcpu);
    if (code != null) {
      interrupted = vcpu.takeRegisters();
      running = code;
      enabled = false;
    }
  }

  /** The handler has returned. */
  void leave() {
    running = null;
    enabled = true;
    vcpu.setRegisters(interrupted);
    interrupted = Registers.ZERO;
  }

  boolean hasWork() {
    return running != null || isDue();
  }
}
