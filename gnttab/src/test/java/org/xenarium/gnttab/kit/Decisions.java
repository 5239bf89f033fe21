package org.xenarium.gnttab.kit;

import java.util.ArrayList;
import java.util.List;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.emulator.trace.Trace;

/** Writes down every rule that decides something, in order, and fails when the rule does not hold for the machine's release. */
public final class Decisions implements Trace {
  /**
   * One decision.
   *
   * @param domid the calling domain
   * @param vcpu the calling vCPU
   * @param element index of the element since the vCPU last entered the hypervisor
   */
  public record Decision(int domid, int vcpu, long element, Rule rule) {}

  private final List<Decision> decisions = new ArrayList<>();
  private final Release release;

  public Decisions(Release release) {
    this.release = release;
  }

  @Override
  public void decided(int domid, int vcpu, long element, Rule rule) {
    if (!rule.facts().releases().contains(release)) {
      throw new AssertionError(rule.id() + " decides under " + release + ", for which it does not hold");
    }
    decisions.add(new Decision(domid, vcpu, element, rule));
  }

  public int count() {
    return decisions.size();
  }

  /** The decisions for that vCPU from the {@code from}-th on. */
  public List<Decision> of(int domid, int vcpu, int from) {
    return decisions.subList(from, decisions.size()).stream().filter(d -> d.domid() == domid && d.vcpu() == vcpu).toList();
  }
}
