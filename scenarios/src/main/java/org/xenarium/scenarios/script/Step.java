package org.xenarium.scenarios.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One thing that is done in a scenario.
 *
 * @param place in the file
 * @param by who does it; empty for what is done to a domain from outside
 * @param elements the inputs of each element in the order of {@link Operation#in}; one unless it is a batch
 * @param batch whether the elements were given as a list
 * @param name under which later steps know its results; empty if it has none
 * @param at not to begin before this virtual time, in nanoseconds
 * @param after to begin so many nanoseconds after the step before
 * @param count of the hypercall, instead of the number of elements
 * @param ptr of the hypercall, instead of that of the elements
 * @param repeat how many times it is done, one after the other; the results are those of the last time, the expectations are for each
 * @param stops after how many indivisible steps whoever does it stops until it is told to go on; 0 for never
 * @param note for people; empty if there is none
 */
public record Step(
    Place place,
    Optional<Actor> by,
    Operation operation,
    List<List<Value>> elements,
    boolean batch,
    String name,
    OptionalLong at,
    OptionalLong after,
    Optional<Value> count,
    Optional<Value> ptr,
    int repeat,
    int stops,
    List<Expectation> expectations,
    String note) {
  public Step {
    elements = elements.stream().map(List::copyOf).toList();
    expectations = List.copyOf(expectations);
  }

  /** The same step of which one thing more is expected. */
  public Step expecting(Expectation expectation) {
    List<Expectation> more = new ArrayList<>(expectations);
    more.add(expectation);
    return new Step(place, by, operation, elements, batch, name, at, after, count, ptr, repeat, stops, more, note);
  }

  /** The same step of which is expected that it comes back, if anything is. */
  public Step thatReturns() {
    List<Expectation> others = expectations.stream().filter(one -> !(one instanceof Expectation.Ends)).toList();
    return new Step(place, by, operation, elements, batch, name, at, after, count, ptr, repeat, stops, others, note);
  }

  /** The same step of which nothing is expected. */
  public Step expectingNothing() {
    return new Step(place, by, operation, elements, batch, name, at, after, count, ptr, repeat, stops, List.of(), note);
  }

  /** The same step with other inputs. */
  public Step with(List<List<Value>> others) {
    return new Step(place, by, operation, others, batch, name, at, after, count, ptr, repeat, stops, expectations, note);
  }

  /** The same step that stops elsewhere. */
  public Step stopping(int after) {
    return new Step(place, by, operation, elements, batch, name, at, this.after, count, ptr, repeat, after, expectations, note);
  }

  /** The same step under a name. */
  public Step named(String other) {
    return new Step(place, by, operation, elements, batch, other, at, after, count, ptr, repeat, stops, expectations, note);
  }

  /** Whether something else than coming back with results is expected of it. */
  public boolean mayEndWith(Expectation.How how) {
    return expectations.stream().anyMatch(expectation -> expectation instanceof Expectation.Ends ends && ends.how() == how && ends.really());
  }

  /** Whether results are expected of it. */
  public boolean mustReturn() {
    return expectations.stream().anyMatch(expectation -> !(expectation instanceof Expectation.Ends));
  }
}
