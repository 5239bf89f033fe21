package org.xenarium.scenarios.property;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.xenarium.scenarios.campaign.Tally;
import org.xenarium.scenarios.play.OtherDriver;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.vocabulary.Call;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.RunWatcher;

/** What it rests on that something holds: how much was played, and how often what is to hold was put to the test. */
final class Evidence implements Tally {
  /** Characters of a line. */
  private static final int WIDTH = 140;

  private final Map<String, Long> tests = new LinkedHashMap<>();

  /** Of the guests' own drivers. */
  private final Map<Operation, Long> calls = new EnumMap<>(Operation.class);

  private int tries;
  private long moves;
  private long played;

  @Override
  public void count(String name, long times) {
    tests.merge(name, times, Long::sum);
  }

  /**
   * Begins to count what is played in another try.
   *
   * @param drawn how many moves are going to be made
   * @param ownDrivers whether guests have drivers of their own
   */
  RunWatcher of(Run run, int drawn, boolean ownDrivers) {
    tries++;
    moves += drawn;
    for (Operation operation : Operation.values()) {
      if (ownDrivers && OtherDriver.takes(operation)) {
        calls.merge(operation, 0L, Long::sum);
      }
    }
    return new RunWatcher() {
      @Override
      public void begins(int actor, Call call, int pace) {
        if (calls.containsKey(call.operation()) && OwnDriver.isIn(run.stage().machine().world().domain(run.stage().domid(actor)))) {
          calls.merge(call.operation(), 1L, Long::sum);
        }
      }

      @Override
      public void played() {
        played++;
      }
    };
  }

  /** Whether anything was played. */
  boolean isAny() {
    return tries > 0;
  }

  /** All of it as lines, with what has never happened first. */
  String text() {
    String each = tries == 1 ? "try" : "tries";
    StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%n  %d %s, %d moves, of which %d did something%n", tries, each, moves, played));
    Map<String, Long> named = new LinkedHashMap<>();
    calls.forEach((operation, times) -> named.put(operation.spelling(), times));
    add(text, "calls of the own driver", named);
    add(text, "put to the test", tests);
    return text.toString();
  }

  private static void add(StringBuilder text, String title, Map<String, Long> counts) {
    List<String> items = new ArrayList<>();
    counts.forEach((name, times) -> {
      if (times == 0) {
        items.add(name + " 0");
      }
    });
    counts.forEach((name, times) -> {
      if (times > 0) {
        items.add(name + " " + times);
      }
    });
    if (!items.isEmpty()) {
      text.append("  ").append(title).append(':');
      wrap(text, items);
    }
  }

  private static void wrap(StringBuilder text, List<String> items) {
    int column = WIDTH;
    for (int i = 0; i < items.size(); i++) {
      String item = items.get(i) + (i < items.size() - 1 ? "," : "");
      if (column + item.length() >= WIDTH) {
        text.append(System.lineSeparator()).append("   ");
        column = 3;
      }
      text.append(' ').append(item);
      column += 1 + item.length();
    }
    text.append(System.lineSeparator());
  }
}
