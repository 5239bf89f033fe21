package org.xenarium.gnttab.kit;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Takes the steps of calls in flight on several vCPUs in every order that the locks allow; what leads to the same state counts once. */
public final class Interleavings {
  private final int[][] vcpus;
  private final Consumer<Bench> check;
  private final Set<Long> seen = new HashSet<>();

  private Interleavings(Consumer<Bench> check, Guest... guests) {
    this.check = check;
    vcpus = new int[guests.length][];
    for (int i = 0; i < guests.length; i++) {
      vcpus[i] = new int[] {guests[i].id(), guests[i].vcpu().id()};
    }
  }

  /**
   * Lets {@code check} look at every end state.
   *
   * @return how many states there were
   */
  public static int ofAll(Bench start, Consumer<Bench> check, Guest... guests) {
    Interleavings all = new Interleavings(check, guests);
    all.from(start);
    return all.seen.size();
  }

  private void from(Bench bench) {
    if (!seen.add(bench.machine().digest())) {
      return;
    }
    boolean busy = false;
    boolean stuck = true;
    for (int[] vcpu : vcpus) {
      Guest guest = bench.guest(vcpu[0], vcpu[1]);
      busy |= bench.isBusy(guest);
      if (guest.isEnabled()) {
        stuck = false;
        Bench next = bench.copy();
        next.guest(vcpu[0], vcpu[1]).step();
        from(next);
      }
    }
    if (busy && stuck) {
      throw new AssertionError("vCPUs wait for each other for ever");
    }
    if (!busy) {
      check.accept(bench);
    }
  }
}
