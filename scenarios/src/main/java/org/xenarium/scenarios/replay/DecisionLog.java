package org.xenarium.scenarios.replay;

import java.util.ArrayList;
import java.util.List;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.emulator.trace.Trace;

/** Remembers which rules decided, and which RAM frames were given out, since it was last cleared; tells another watcher of each rule. */
final class DecisionLog implements Trace {
  private final Trace other;
  private final List<Decision> decisions = new ArrayList<>();
  private final List<Long> allocated = new ArrayList<>();

  DecisionLog(Trace other) {
    this.other = other;
  }

  @Override
  public void decided(int domid, int vcpu, long element, Rule rule) {
    other.decided(domid, vcpu, element, rule);
    decisions.add(new Decision(element, rule));
  }

  @Override
  public void allocated(int domid, long mfn) {
    allocated.add(mfn);
  }

  void clear() {
    decisions.clear();
    allocated.clear();
  }

  /** RAM frames that were given to somebody. */
  List<Long> allocated() {
    return allocated;
  }

  List<Decision> all() {
    return List.copyOf(decisions);
  }

  /** What decided that element, or the call as a whole where nothing was said of the element. */
  List<Decision> of(long element) {
    List<Decision> found = decisions.stream().filter(decision -> decision.element() == element).toList();
    return found.isEmpty() && !decisions.isEmpty() ? List.of(decisions.getLast()) : found;
  }
}
