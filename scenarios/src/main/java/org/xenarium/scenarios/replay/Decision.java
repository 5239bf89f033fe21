package org.xenarium.scenarios.replay;

import org.xenarium.emulator.trace.Rule;

/**
 * A rule that decided something during one recorded operation.
 *
 * @param element index of the batch element
 */
public record Decision(long element, Rule rule) {
  @Override
  public String toString() {
    return rule.id() + " " + rule.facts().operation() + ": " + rule.facts().when() + " (" + rule.facts().section() + ")";
  }
}
