package org.xenarium.scenarios.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names that a value may use.
 *
 * @param domains all domains of the scenario
 * @param results what each named step gives back
 * @param actor the domain whose pages are meant where none is named; null where none is
 * @param before names of steps from this index on are not known yet; in other programs they are
 */
record Scope(Map<String, DomainSetup> domains, Map<String, Outline> results, @Nullable String actor, Outline at, boolean conditions) {
  /**
   * A step, as far as others need to know it before it is read.
   *
   * @param step its index
   * @param program which program it belongs to; all of a sequence belong to one
   */
  record Outline(int step, int program, Operation operation, int elements, boolean batch) {}

  /** May the value use what that step gives back? In its own program a step must come before; others are waited for. */
  boolean sees(Outline result) {
    return conditions || result.program() != at.program() || result.step() < at.step();
  }

  List<String> names(FieldType type) {
    List<String> names = new ArrayList<>(results.keySet());
    names.addAll(domains.keySet());
    names.addAll(type.symbols());
    for (Area area : Area.values()) {
      names.add(area.spelling());
    }
    return names;
  }

  /** The scope of values about another domain. */
  Scope of(String domain) {
    return new Scope(domains, results, domain, at, conditions);
  }
}
