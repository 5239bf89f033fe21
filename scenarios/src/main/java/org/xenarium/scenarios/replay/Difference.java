package org.xenarium.scenarios.replay;

import java.util.List;

/**
 * The first point at which the machine does not answer what was recorded.
 *
 * @param line in the file, from 1
 * @param operation what was asked, for people
 * @param field which answer differs, such as {@code status} or {@code e[8].pin}
 * @param expected what was recorded
 * @param actual what the machine answered
 * @param decisions the rules that decided it
 * @param state what lies around it: entries, pins, handles, physmap entries
 */
public record Difference(
    int line, String operation, String field, String expected, String actual, List<Decision> decisions, List<String> state) {
  public Difference {
    decisions = List.copyOf(decisions);
    state = List.copyOf(state);
  }
}
