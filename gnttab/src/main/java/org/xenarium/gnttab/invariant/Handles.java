package org.xenarium.gnttab.invariant;

import static org.xenarium.gnttab.invariant.Invariant.I21;
import static org.xenarium.gnttab.invariant.Invariant.I22;
import static org.xenarium.gnttab.invariant.Invariant.I23;
import static org.xenarium.gnttab.invariant.Invariant.I24;
import static org.xenarium.gnttab.invariant.Invariant.I25;
import static org.xenarium.gnttab.invariant.Invariant.I27;
import static org.xenarium.gnttab.invariant.Invariant.I28;
import static org.xenarium.gnttab.invariant.Invariant.I29;
import static org.xenarium.gnttab.invariant.Invariant.I63;
import static org.xenarium.gnttab.invariant.Invariant.I66;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.abi.MapFlags;
import org.xenarium.gnttab.rule.GrantRule;
import org.xenarium.gnttab.table.Maptrack;

/** I21 to I30, I63 and I66: handles, their free lists, and whom they link (spec §11.4). The order of the lists, I26, is {@link FreeLists}'. */
final class Handles {
  private static final int KNOWN = MapFlags.HOST_MAP | MapFlags.READONLY;

  private final Scene scene;
  private final Report report;

  Handles(Scene scene) {
    this.scene = scene;
    report = scene.report();
  }

  // Transitions.

  /** A handle has begun to stand for a mapping. */
  void published(DomainView view, int handle, int granterId) {
    VcpuView vcpu = scene.step().vcpu;
    if (vcpu != null) {
      vcpu.published = handle;
      vcpu.publishedFrame = view.addresses.mfn(handle);
      vcpu.elementChanged = true;
    }
    Domain granter = scene.listed(granterId);
    boolean silo = scene.state().machine.world().semantics().policy() == SecurityPolicy.SILO;
    if (silo) {
      report.tests(I63);
    }
    if (silo && granter != null && granter != view.domain && !granter.privileged() && !view.domain.privileged()) {
      report.violated(I63, Place.handle(view.id(), handle), "it maps a page of domain %d", granterId);
    }
  }

  /** A live handle has ended (I28). */
  void retired(DomainView view, int handle) {
    Step step = scene.step();
    if (step.vcpu != null) {
      step.vcpu.elementRetired++;
      step.vcpu.elementChanged = true;
    }
    report.tests(I28);
    boolean unmapped = step.isUnmap() && step.actor == view && step.hostAddress != 0;
    boolean died = step.by == Step.By.DEATH && step.actor == view;
    if (!unmapped && !died && step.by != Step.By.OUTSIDE) {
      report.violated(I28, Place.handle(view.id(), handle), "%s ended it", step.call());
    }
  }

  /** I29 for an element that has just been decided. */
  void elementEnds(VcpuView vcpu, Rule rule) {
    Step step = scene.step();
    if (!step.isUnmap() || rule.facts().kind() != Rule.Kind.STATUS || step.actor == null) {
      return;
    }
    report.tests(I29);
    int expected = rule.result() == 0 && rule != GrantRule.UNMAP_09 ? 1 : 0;
    if (vcpu.elementRetired != expected) {
      report.violated(I29, Place.domain(step.actor.id()), "an unmap that ended by %s has ended %d handles", rule.id(), vcpu.elementRetired);
    }
  }

  // States.

  /** What holds of a handle after every step. */
  void everyStep(DomainView view, int handle) {
    Maptrack maptrack = view.table.maptrack();
    int flags = maptrack.flags(handle);
    if (flags == 0) {
      return;
    }
    report.tests(I21);
    report.tests(I27);
    report.tests(I66);
    if (Integer.compareUnsigned(handle, maptrack.limit()) >= 0) {
      report.violated(I21, Place.handle(view.id(), handle), "it is live and the limit is %d", maptrack.limit());
    } else if (scene.state().isInHand(view.domain, handle)) {
      report.violated(I21, Place.handle(view.id(), handle), "it is live and a call holds it as free");
    } else if (isHeadOrTail(view, handle)) {
      report.violated(I21, Place.handle(view.id(), handle), "it is live and on a free list");
    }
    if ((flags & ~KNOWN) != 0 || (flags & MapFlags.HOST_MAP) == 0) {
      report.violated(I27, Place.handle(view.id(), handle), "its flags are 0x%x", flags);
    }
    if (scene.listed(maptrack.domid(handle)) == null) {
      report.violated(I66, Place.handle(view.id(), handle), "it names domain %d, which is not listed", maptrack.domid(handle));
    }
  }

  private static boolean isHeadOrTail(DomainView view, int handle) {
    for (int i = 0; i < view.heads.length; i++) {
      if (view.table.maptrack().head(i) == handle || view.table.maptrack().tail(i) == handle) {
        return true;
      }
    }
    return false;
  }

  /** What holds of a maptrack at any time. */
  void everyStep(DomainView view) {
    Maptrack maptrack = view.table.maptrack();
    int limit = maptrack.limit();
    if (view.life != Life.ALIVE) {
      return;
    }
    report.tests(I22);
    report.tests(I23);
    report.tests(I24);
    boolean fits = limit % Maptrack.PER_FRAME == 0 && limit / Maptrack.PER_FRAME <= maptrack.maxFrames();
    if (!fits || limit < view.limit) {
      report.violated(I23, Place.domain(view.id()), "there are %d handles, %d before, and %d frames at most", limit, view.limit, maptrack.maxFrames());
    }
    for (int i = 0; i < view.heads.length; i++) {
      boolean had = view.tails[i] != Maptrack.NONE || maptrack.tail(i) != Maptrack.NONE;
      if (had && maptrack.head(i) == Maptrack.NONE) {
        report.violated(I24, Place.domain(view.id()), "the free list of vCPU %d is empty", i);
      }
    }
    int inHand = scene.state().handlesInHand(view.domain);
    if (view.free + view.live + inHand != limit) {
      report.violated(I22, Place.domain(view.id()), "of %d handles %d are live, %d free and %d in calls", limit, view.live, view.free, inHand);
    }
  }

  /** What holds of a maptrack between calls. */
  void quiescent(DomainView view) {
    int lists = 0;
    for (int tail : view.tails) {
      lists += tail == Maptrack.NONE ? 0 : 1;
    }
    if (view.live > 0) {
      report.tests(I25);
    }
    if (view.life == Life.ALIVE && view.live > view.table.maptrack().limit() - lists) {
      report.violated(I25, Place.domain(view.id()), "%d of %d handles are live, with %d free lists", view.live, view.table.maptrack().limit(), lists);
    }
  }
}
