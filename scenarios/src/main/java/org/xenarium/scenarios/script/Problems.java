package org.xenarium.scenarios.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Collects the mistakes of one file, so that they are told together. */
final class Problems {
  /** More than these help nobody. */
  private static final int MOST = 20;

  private final String file;
  private final Map<Place, List<String>> byPlace = new TreeMap<>();
  private int count;

  Problems(String file) {
    this.file = file;
  }

  void add(Place place, String problem) {
    List<String> here = byPlace.computeIfAbsent(place, any -> new ArrayList<>());
    if (!here.contains(problem)) {
      here.add(problem);
      count++;
    }
  }

  boolean any() {
    return count > 0;
  }

  /** Fails when a mistake was found. */
  void check() throws ScenarioException {
    if (!any()) {
      return;
    }
    List<String> lines = new ArrayList<>();
    byPlace.forEach((place, here) -> here.forEach(problem -> lines.add(file + ":" + place + ": " + problem)));
    if (lines.size() > MOST) {
      int more = lines.size() - MOST;
      lines.subList(MOST, lines.size()).clear();
      lines.add(file + ": and " + more + " more");
    }
    throw new ScenarioException(lines);
  }

  /** A mistake of the file as a whole. */
  static ScenarioException ofFile(String file, String problem) {
    return new ScenarioException(List.of(file + ": " + problem));
  }
}
