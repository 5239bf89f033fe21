package org.xenarium.emulator.domain;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.trace.Errno;
import org.xenarium.emulator.trace.Rule;

/**
 * How the creation of a domain ended.
 *
 * @param rule what decided
 * @param domain the new domain; null when it was refused, and then nothing of it is left
 */
public record Creation(Rule rule, @Nullable Domain domain) {
  /** The new domain, for callers that know it cannot be refused. */
  public Domain orThrow() {
    if (domain == null) {
      throw new IllegalArgumentException(
          "the domain cannot be created: " + rule.facts().when() + " (" + rule.id() + ", " + Errno.name(rule.result()) + ")");
    }
    return domain;
  }
}
