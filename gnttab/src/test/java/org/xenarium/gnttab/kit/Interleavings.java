package org.xenarium.gnttab.kit;

import java.util.function.Consumer;

/** Takes the steps of calls in flight on several vCPUs in every order that the locks allow. */
public final class Interleavings {
  private final int[][] vcpus;
  private final Consumer<Bench> check;
  private int ends;

  private Interleavings(Consumer<Bench> check, Guest... guests) {
    this.check = check;
    vcpus = new int[guests.length][];
    for (int i = 0; i < guests.length; i++) {
      vcpus[i] = new int[] {guests[i].id(), guests[i].vcpu().id()};
    }
  }

  /**
   * Lets {@code check} look at the end of every order.
   *
   * @return how many orders there were
   */
  public static int ofAll(Bench start, Consumer<Bench> check, Guest... guests) {
    Interleavings all = new Interleavings(check, guests);
    all.from(start);
    return all.ends;
  }

  private void from(Bench bench) {
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
      ends++;
      check.accept(bench);
    }
  }
}
