package org.xenarium.scenarios.play;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.emulator.trace.Trace;

/** Which rules decided each step. They are put down to the step that the deciding thread is in. */
final class Decisions implements Trace {
  /** A rule, and of which element. */
  record Decision(long element, Rule rule) {}

  /** What is decided belongs to the step that the deciding thread is in. */
  static final int TO_ACTORS = -1;

  private final Machine machine;
  private final Consumer<Mark> marks;
  private final Trace also;
  private final Map<Integer, List<Decision>> bySteps = new LinkedHashMap<>();
  private final Map<Long, Integer> underWay = new LinkedHashMap<>();
  private int outside = TO_ACTORS;

  /** Tells {@code also} of every rule that decides, and {@code marks} of every mark of a program. */
  Decisions(Machine machine, Consumer<Mark> marks, Trace also) {
    this.machine = machine;
    this.marks = marks;
    this.also = also;
  }

  /** What decided a step so far; of one that is done several times, the last time. */
  List<Decision> of(int step) {
    return bySteps.getOrDefault(step, List.of());
  }

  /** From now on what is decided belongs to that step, which is done from outside, or {@link #TO_ACTORS}. */
  void attribute(int step) {
    outside = step;
  }

  private static long thread(int domid, int vcpu, int thread) {
    return ((long) domid << 32) | ((long) vcpu << 16) | thread;
  }

  @Override
  public void mark(int domid, int vcpu, int thread, Object mark) {
    if (mark instanceof Mark step) {
      if (step.begins()) {
        underWay.put(thread(domid, vcpu, thread), step.step());
        bySteps.remove(step.step());
      }
      marks.accept(step);
    }
  }

  @Override
  public void decided(int domid, int vcpu, long element, Rule rule) {
    add(domid, vcpu, element, rule);
  }

  @Override
  public void guest(int domid, int vcpu, Rule rule, long value) {
    add(domid, vcpu, 0, rule);
  }

  private void add(int domid, int vcpu, long element, Rule rule) {
    also.decided(domid, vcpu, element, rule);
    if (outside != TO_ACTORS) {
      bySteps.computeIfAbsent(outside, any -> new ArrayList<>()).add(new Decision(element, rule));
      return;
    }
    Domain domain = machine.world().domain(domid);
    int thread = domain == null ? 0 : domain.vcpu(vcpu).thread();
    Integer step = underWay.get(thread(domid, vcpu, thread));
    if (step != null) {
      bySteps.computeIfAbsent(step, any -> new ArrayList<>()).add(new Decision(element, rule));
    }
  }
}
