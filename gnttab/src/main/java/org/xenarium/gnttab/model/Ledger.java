package org.xenarium.gnttab.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.domain.World;
import org.xenarium.gnttab.table.GrantTable;

/** The model's state of one machine as calls change it, and what is to be compared with the machine when no call is under way. */
final class Ledger {
  final World world;
  private final Differences differences;
  private final ReferenceModel model;
  private final Sight sight;
  private final Contested contested = new Contested();
  private final Comparison comparison;
  private State state = State.EMPTY;

  /** A listed domain that the state knows of, and the frames that Xen has lent it for its table. */
  private static final class Listed {
    final Domain domain;
    int frames;
    long[] status = {};

    Listed(Domain domain) {
      this.domain = domain;
    }

    /** Takes from the machine what the domain's table has. */
    void learn() {
      frames = GrantTable.of(domain).frameCount();
      status = statusFrames(domain);
    }
  }

  private final List<Listed> listed = new ArrayList<>();

  /** Calls have overlapped since the last comparison. */
  private boolean overlapped;

  /** The state cannot be trusted any more: it is taken from the machine when no call is under way. */
  private boolean lost;

  /** What happens, for reports. */
  private Object cause = "the start";

  private int writer;

  Ledger(World world, Differences differences) {
    this.world = world;
    this.differences = differences;
    model = new ReferenceModel(Facts.of(world));
    sight = new Sight(world);
    comparison = new Comparison(world, contested, this::differs);
  }

  /** The same knowledge about a copy of the machine, which must be between calls. */
  Ledger copy(World copied, Differences reports) {
    Ledger copy = new Ledger(copied, reports);
    copy.state = state;
    copy.lost = lost;
    for (Listed old : listed) {
      Domain domain = copied.domain(old.domain.id());
      if (domain != null) {
        Listed entry = new Listed(domain);
        entry.frames = old.frames;
        entry.status = old.status;
        copy.listed.add(entry);
      }
    }
    return copy;
  }

  Differences differences() {
    return differences;
  }

  State state() {
    return state;
  }

  Statuses allowed(Call call) {
    return model.allowed(state, call);
  }

  /** What may be answered to that call in another state than that at hand. */
  Statuses allowedIn(State other, Call call) {
    return model.allowed(other, call);
  }

  /** What may be answered to that call if it decides now, while others are under way; anything where nothing can be said. */
  Statuses allowedNow(Call call) {
    State now = sight.of(state, call);
    return now == null ? Statuses.FAILURES.or(0) : model.allowed(now, call);
  }

  /** What follows is done by this call. */
  void because(Flight call) {
    cause = call;
    writer = call.domid << 16 | call.vcpu;
  }

  /** What follows is done by the death of that domain. */
  void becauseOfDeath(Domain domain) {
    cause = "the death of domain " + domain.id();
    writer = -1;
  }

  void overlap() {
    overlapped = true;
  }

  /** What the calls under way do cannot be followed one by one. */
  void lose() {
    lost = true;
  }

  boolean isLost() {
    return lost;
  }

  /** That call was answered like that. */
  void apply(Call call, Answer answer) {
    comparison.touch(state, call, answer);
    State before = state;
    state = model.next(state, call, answer);
    if (overlapped && before != state) {
      contest(before, call);
    }
  }

  /** That has succeeded; it must have been possible. */
  void succeed(Call call) {
    if (!overlapped && !lost && !allowed(call).has(0)) {
      differs("answer", "a failure of " + call, "success");
    }
    apply(call, Answer.DONE);
  }

  private void contest(State before, Call call) {
    switch (call) {
      case Call.Map map -> contest(before, map.caller(), map.gfn());
      case Call.Unmap unmap -> contest(before, unmap.caller(), unmap.gfn());
      case Call.Decrease decrease -> contest(before, decrease.domain(), decrease.gfn());
      case Call.Populate populate -> contest(before, populate.domain(), populate.gfn());
      case Call.Place place -> contest(before, place.domain(), place.gfn());
      case Call.Remove remove -> contest(before, remove.domain(), remove.gfn());
      default -> {}
    }
  }

  private void contest(State before, int domain, long gfn) {
    contested.changed(writer, domain, gfn, before.known(domain).reach().get(gfn));
    contested.changed(writer, domain, gfn, state.known(domain).reach().get(gfn));
  }

  /** Reports a difference; the model goes on from what the machine has. */
  void differs(String path, @Nullable Object expected, @Nullable Object actual) {
    lost = true;
    differences.found(
        new Difference("after " + cause, path, Objects.requireNonNullElse(expected, "nothing").toString(), Objects.requireNonNullElse(actual, "nothing").toString()));
  }

  /** No call is under way: what was touched must be as the model has it. */
  void settle() {
    listDomains(true);
    if (overlapped) {
      learnTables();
    }
    if (!lost) {
      comparison.touched(state, !overlapped);
      state = overlapped ? comparison.learnFrames(state) : state;
    }
    relearn();
  }

  /** As {@link #settle}, for everything. */
  void audit() {
    listDomains(true);
    cause = "all that happened";
    if (!lost) {
      comparison.everything(state);
    }
    relearn();
  }

  /** Takes everything from the machine, as it is. */
  void learn() {
    listDomains(true);
    lost = true;
    relearn();
  }

  private void relearn() {
    if (lost || contested.isUsed()) {
      State old = state;
      state = Abstraction.of(world).remembering(old);
      listed.forEach(Listed::learn);
    }
    lost = false;
    overlapped = false;
    comparison.clear();
    contested.clear();
  }

  // Domains and what Xen lends them.

  /**
   * Brings the domains up to date with the list: new ones are learned as they are, those that are gone must have left nothing behind.
   *
   * @param quiet no call and no death is under way; else those that are gone are kept until then, unless another domain has their id already
   */
  void listDomains(boolean quiet) {
    if (isUpToDate()) {
      return;
    }
    for (int i = listed.size() - 1; i >= 0; i--) {
      Domain domain = listed.get(i).domain;
      Domain now = world.domain(domain.id());
      if (now != domain && (quiet || now != null)) {
        listed.remove(i);
        lost |= !quiet;
        gone(domain);
      }
    }
    for (Domain domain : world.domains()) {
      if (!isListed(domain)) {
        state = Abstraction.with(state, domain);
        Listed one = new Listed(domain);
        one.learn();
        listed.add(one);
      }
    }
  }

  /** Whether a domain was created since the list was brought up to date. */
  boolean hasNewDomain() {
    List<Domain> domains = world.domains();
    for (int i = 0; i < domains.size(); i++) {
      if (!isListed(domains.get(i))) {
        return true;
      }
    }
    return false;
  }

  private boolean isListed(Domain domain) {
    for (int i = 0; i < listed.size(); i++) {
      if (listed.get(i).domain == domain) {
        return true;
      }
    }
    return false;
  }

  private boolean isUpToDate() {
    List<Domain> domains = world.domains();
    if (domains.size() != listed.size()) {
      return false;
    }
    for (int i = 0; i < listed.size(); i++) {
      if (world.domain(listed.get(i).domain.id()) != listed.get(i).domain) {
        return false;
      }
    }
    return true;
  }

  private void gone(Domain domain) {
    State[] without = {state};
    state.frames().forEach((mfn, frame) -> {
      if (frame.owner() == domain.incarnation()) {
        if (frame.isHeld() && !lost && !overlapped) {
          differs("domains/" + domain.id(), "listed, because of frame 0x" + Long.toHexString(mfn) + ": " + frame, null);
        }
        without[0] = new State(without[0].domains(), without[0].frames().with(mfn, null));
      }
    });
    DomainState known = without[0].domain(domain.id());
    state = known == null ? without[0] : without[0].without(known);
  }

  /** Learns which frames Xen has lent to tables, or taken back, in the course of a call that can do that. */
  void learnTables() {
    for (Listed one : listed) {
      GrantTable table = GrantTable.of(one.domain);
      int id = one.domain.id();
      boolean dying = one.domain.life() != Life.ALIVE;
      while (one.frames < table.frameCount()) {
        succeed(new Call.Lend(id, table.frame(one.frames++), dying));
      }
      if (one.status.length != table.statusFrameCount()) {
        long[] now = statusFrames(one.domain);
        for (int i = now.length; i < one.status.length; i++) {
          succeed(new Call.TakeBack(id, one.status[i]));
        }
        for (int i = one.status.length; i < now.length; i++) {
          succeed(new Call.Lend(id, now[i], dying));
        }
        one.status = now;
      }
    }
  }

  private static long[] statusFrames(Domain domain) {
    GrantTable table = GrantTable.of(domain);
    long[] frames = new long[table.statusFrameCount()];
    Arrays.setAll(frames, table::statusFrame);
    return frames;
  }
}
