package org.xenarium.scenarios.play;

import java.util.List;
import org.xenarium.scenarios.script.Place;

/**
 * An expectation that was not met.
 *
 * @param step its index; -1 for a condition
 * @param place of the expectation in the file
 * @param subject the step or condition, for people
 * @param field which result
 * @param rules what decided the step
 * @param state what lies around it: entries, pins, handles, physmap entries
 */
public record Failure(int step, Place place, String subject, String field, String expected, String actual, List<String> rules, List<String> state) {
  public Failure {
    rules = List.copyOf(rules);
    state = List.copyOf(state);
  }
}
