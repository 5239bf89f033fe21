package org.xenarium.gnttab.model;

import org.jspecify.annotations.Nullable;

/**
 * Who reaches which frame, and what keeps it. Immutable.
 *
 * @param domains by domid
 * @param frames those that belong to a domain, by machine frame number
 */
record State(LongMap<DomainState> domains, LongMap<Frame> frames) {
  static final State EMPTY = new State(LongMap.empty(), LongMap.empty());

  @Nullable DomainState domain(int id) {
    return domains.get(id);
  }

  /** A domain that must be there. */
  DomainState known(int id) {
    DomainState domain = domains.get(id);
    if (domain == null) {
      throw new IllegalStateException("the model knows no domain " + id);
    }
    return domain;
  }

  @Nullable Frame frame(long mfn) {
    return frames.get(mfn);
  }

  State with(DomainState domain) {
    return new State(domains.with(domain.id(), domain), frames);
  }

  State without(DomainState domain) {
    return new State(domains.with(domain.id(), null), frames);
  }

  /** A page of RAM that nothing keeps is free: it belongs to nobody. What Xen lent stays lent. */
  State with(long mfn, @Nullable Frame frame) {
    boolean free = frame == null || !frame.lent() && !frame.isHeld();
    return new State(domains, frames.with(mfn, free ? null : frame));
  }

  /** That frame has one use more or, for {@code by} -1, less. */
  State use(long mfn, int by) {
    Frame frame = frames.get(mfn);
    return frame == null ? this : with(mfn, frame.used(by));
  }

  /** The owner gives the frame back. */
  State giveBack(long mfn) {
    Frame frame = frames.get(mfn);
    return frame == null ? this : with(mfn, frame.givenBack());
  }

  /** That grant has one handle more or, for {@code by} -1, less. */
  State pin(int granter, int ref, int holder, long frame, boolean readonly, int by) {
    DomainState domain = known(granter);
    Pin pin = domain.pin(ref);
    return with(domain.withPin(ref, (pin == null ? new Pin(holder, frame, 0, 0) : pin).with(readonly, by)));
  }

  /**
   * Replaces what a domain reaches at a guest frame (spec §6.1, P1): only a foreign page is let go of. Where a foreign page of the same frame
   * stands already, Xen takes that for a change of type, and what kept the page then keeps it for ever.
   */
  State put(int domain, long gfn, Reach what) {
    Reach old = known(domain).reach().get(gfn);
    State state = what.by() == Reach.By.FOREIGN ? use(what.frame(), 1) : this;
    if (old != null && old.by() == Reach.By.FOREIGN && old.frame() != what.frame()) {
      state = state.use(old.frame(), -1);
    }
    return state.with(state.known(domain).withReach(gfn, what));
  }

  /** Makes the guest frame a hole (P3). */
  State clear(int domain, long gfn) {
    Reach old = known(domain).reach().get(gfn);
    State state = old != null && old.by() == Reach.By.FOREIGN ? use(old.frame(), -1) : this;
    return state.with(state.known(domain).withReach(gfn, null));
  }

  /** The page of that domain's own that stands at the guest frame and may be granted or copied, or -1 (spec §3.3.3). */
  long ownPage(DomainState domain, long gfn) {
    Reach at = domain.reach().get(gfn);
    return at != null && at.isRam() && at.by() != Reach.By.FOREIGN && isHeld(at.frame(), domain) ? at.frame() : -1;
  }

  /** Does the frame belong to that domain, and does anything keep it? */
  boolean isHeld(long mfn, DomainState owner) {
    Frame frame = frames.get(mfn);
    return frame != null && frame.owner() == owner.incarnation() && frame.isHeld();
  }

  /** This state, in which handles are known to be where {@code old} has them. */
  State remembering(State old) {
    State[] state = {this};
    domains.forEach((id, domain) -> {
      DomainState before = old.domain((int) id);
      if (before != null) {
        domain.mappings().forEach((handle, mapping) -> {
          Mapping was = before.mappings().get(handle);
          if (was != null && was.agrees(mapping)) {
            state[0] = state[0].with(state[0].known((int) id).withMapping((int) handle, was));
          }
        });
      }
    });
    return state[0];
  }
}
