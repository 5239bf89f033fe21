package org.xenarium.scenarios.campaign;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.scenarios.rule.AllRules;

/** What runs have reached: rules, rules following each other, and whatever is counted by name. Coverages of different runs can be added. */
public final class Coverage implements Tally {
  private static final ImmutableList<Rule> RULES = ImmutableList.copyOf(AllRules.inOrder());
  private static final ImmutableMap<Rule, Integer> INDEX = index();

  private final long[] rules = new long[RULES.size()];
  private final BitSet pairs = new BitSet();
  private final TreeMap<String, Long> counts = new TreeMap<>();
  private int last = -1;

  private static ImmutableMap<Rule, Integer> index() {
    ImmutableMap.Builder<Rule, Integer> index = ImmutableMap.builder();
    for (int i = 0; i < RULES.size(); i++) {
      index.put(RULES.get(i), i);
    }
    return index.buildOrThrow();
  }

  /** Another run begins: what was decided before has nothing to do with it. */
  void nextRun() {
    last = -1;
  }

  /** A rule decided, after those that have decided before in this run. */
  public void decided(Rule rule) {
    int index = INDEX.getOrDefault(rule, -1);
    rules[index]++;
    if (last >= 0) {
      pairs.set(last * RULES.size() + index);
    }
    last = index;
  }

  @Override
  public void count(String name, long times) {
    counts.merge(name, times, Long::sum);
  }

  /** Adds what others have reached. */
  public void add(Coverage other) {
    for (int i = 0; i < rules.length; i++) {
      rules[i] += other.rules[i];
    }
    pairs.or(other.pairs);
    other.counts.forEach(this::count);
  }

  /** All rules, in their order. */
  public static ImmutableList<Rule> allRules() {
    return RULES;
  }

  /** How often a rule decided. */
  public long of(Rule rule) {
    return rules[INDEX.getOrDefault(rule, -1)];
  }

  /** How often what was counted under that name. */
  public long of(String name) {
    return counts.getOrDefault(name, 0L);
  }

  /** Everything that was counted by name, in the order of the names. */
  public Map<String, Long> counts() {
    return counts;
  }

  /** How many rules decided at least once. */
  public int reached() {
    int reached = 0;
    for (long times : rules) {
      reached += times > 0 ? 1 : 0;
    }
    return reached;
  }

  /** How many pairs of rules decided one right after the other. */
  public int pairCount() {
    return pairs.cardinality();
  }

  /** Whether {@code second} decided right after {@code first}. */
  public boolean followed(Rule first, Rule second) {
    return pairs.get(INDEX.getOrDefault(first, -1) * RULES.size() + INDEX.getOrDefault(second, -1));
  }

  // To be written down and read again.

  BitSet pairs() {
    return pairs;
  }

  void set(int rule, long times) {
    rules[rule] = times;
  }

  long get(int rule) {
    return rules[rule];
  }
}
