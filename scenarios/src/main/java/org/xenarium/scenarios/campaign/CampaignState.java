package org.xenarium.scenarios.campaign;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** How far a campaign is: the first so many of its runs are done. */
public final class CampaignState {
  private final Coverage coverage = new Coverage();
  private final List<Violated> violations = new ArrayList<>();
  private long done;

  /** How many runs are done, those of other shards not counted. */
  public long done() {
    return done;
  }

  public Coverage coverage() {
    return coverage;
  }

  /** The first run of each different violation. */
  public List<Violated> violations() {
    return violations;
  }

  /** Whether nothing is left to do. */
  public boolean isOver(CampaignOptions options) {
    return done >= options.ownRuns() || violations.size() >= options.maxViolations();
  }

  /** Whether enough is done to say something: all of it, or any of it where it goes on for as long as there is time. */
  public boolean isEnough(CampaignOptions options) {
    return isOver(options) || options.isOpenEnded() && done > 0;
  }

  /** Whether runs are left that are not played because enough violations were found. What was not violated is undecided then. */
  public boolean isCutShort(CampaignOptions options) {
    return violations.size() >= options.maxViolations() && done < options.ownRuns();
  }

  /** The next {@code runs} are done. */
  void add(long runs, Coverage reached, List<Violated> found) {
    coverage.add(reached);
    found.forEach(this::add);
    done += runs;
  }

  /** Notes a violation unless one of the same reason is noted already. */
  void add(Violated violated) {
    if (violations.stream().noneMatch(known -> known.finding().isLike(violated.finding()))) {
      violations.add(violated);
    }
  }

  /** Adds what another part of the campaign has found and reached. */
  public void join(CampaignState other) {
    coverage.add(other.coverage);
    List<Violated> both = new ArrayList<>(violations);
    both.addAll(other.violations);
    both.sort(Comparator.comparingLong(Violated::run));
    violations.clear();
    both.forEach(this::add);
  }

  void setDone(long runs) {
    if (runs < 0) {
      throw new IllegalArgumentException("expected how many runs are done, found " + runs);
    }
    done = runs;
  }
}
