package org.xenarium.gnttab.invariant;

import static org.xenarium.gnttab.invariant.Invariant.I72;
import static org.xenarium.gnttab.invariant.Invariant.I57;
import static org.xenarium.gnttab.invariant.Invariant.I58;
import static org.xenarium.gnttab.invariant.Invariant.I60;
import static org.xenarium.gnttab.invariant.Invariant.I61;
import static org.xenarium.gnttab.invariant.Invariant.I62;
import static org.xenarium.gnttab.invariant.Invariant.I64;
import static org.xenarium.gnttab.invariant.Invariant.I68;
import static org.xenarium.gnttab.invariant.Invariant.I71;

import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.domain.Lock;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.MapLayout;
import org.xenarium.gnttab.rule.GrantRule;

/** I58 to I64 and I71: what grant calls answer, and how long they take (spec §11.7, §11.8). */
final class Calls {
  // Bit n for status -n.
  private static final int MAP = 1 | 1 << 1 | 1 << 2 | 1 << 3 | 1 << 8 | 1 << 9 | 1 << 13;
  private static final int UNMAP = 1 | 1 << 1 | 1 << 4 | 1 << 8;
  private static final int COPY = 1 | 1 << 1 | 1 << 2 | 1 << 3 | 1 << 8 | 1 << 9 | 1 << 10;
  private static final int SETUP = 1 | 1 << 1 | 1 << 2 | 1 << 5 | 1 << 8;
  private static final int QUERY = 1 | 1 << 2 | 1 << 8;
  private static final int FRAMES = 1 | 1 << 1 | 1 << 2 | 1 << 8;
  private static final int SWAP = 1 | 1 << 3 | 1 << 12;

  /** Before V22. */
  private static final int TRANSFER = 1 << 1 | 1 << 9;

  /** Steps in a row inside a claim: five attempts, then the frame. */
  private static final int MOST_CLAIMING = 6;

  /** More steps than any element needs, the release of a block of 32 unmaps included; the search of cache_flush excepted. */
  private static final int MOST_STEPS = 128;

  private final Scene scene;
  private final Report report;
  private final byte[] struct = new byte[MapLayout.SIZE];

  Calls(Scene scene) {
    this.scene = scene;
    report = scene.report();
  }

  /** A call is about to be taken up, or goes on after a preemption. */
  void starts(DomainView view, VcpuView vcpu, Vcpu raw) {
    if (view.domain.life() != Life.ALIVE) {
      report.violated(I68, Place.domain(view.id()), "vCPU %d starts hypercall %d", raw.id(), raw.number());
    }
    if (!vcpu.continuing) {
      vcpu.beginCall(scene.step().elementsLeft);
    } else {
      vcpu.callPins = 0;
      vcpu.callTaken = 0;
      vcpu.callUnmaps = 0;
      vcpu.beginElement();
    }
  }

  /** I71: counts the step. */
  void counts(DomainView view, VcpuView vcpu, Vcpu raw) {
    long held = raw.call() == null ? Lock.NONE : raw.call().holds(raw);
    vcpu.claiming = held == Lock.NONE ? 0 : vcpu.claiming + 1;
    vcpu.steps++;
    report.tests(I71);
    boolean tooLong = vcpu.steps > MOST_STEPS && scene.step().operation >= 0 && scene.step().operation != GnttabOp.CACHE_FLUSH;
    if (vcpu.claiming > MOST_CLAIMING || tooLong) {
      String what = tooLong ? "its element has taken " + vcpu.steps + " steps" : "it is trying to mark an entry for the " + (vcpu.claiming) + "th time";
      report.violated(I71, Place.domain(view.id()), "vCPU %d: %s", raw.id(), what);
      vcpu.steps = 0;
      vcpu.claiming = 0;
    }
  }

  /** An element, or a call without elements, was decided. */
  void decided(DomainView view, VcpuView vcpu, Rule rule) {
    Step step = scene.step();
    if (step.operation < 0) {
      return;
    }
    if (rule.facts().kind() == Rule.Kind.STATUS) {
      report.tests(I60);
      boolean ordered = rule == GrantRule.MAP_15;
      Release release = scene.state().machine.world().semantics().release();
      if (!ordered && !isPossible(step.operation, rule.result(), view.table.maxVersion(), release)) {
        report.violated(I60, Place.domain(view.id()), "%s answered %d, by %s", step.call(), rule.result(), rule.id());
      }
      if (--vcpu.left < 0) {
        report.violated(I71, Place.domain(view.id()), "%s executes more elements than it was given", step.call());
      }
    }
    if (rule == GrantRule.UNMAP_09) {
      report.tests(I62);
    }
    if (rule == GrantRule.UNMAP_09 && vcpu.elementChanged) {
      report.violated(I62, Place.domain(view.id()), "an unmap with host address 0 changed something");
    }
    if (rule == GrantRule.CLAIM_05) {
      report.tests(I72);
    }
    if (view.table.maxVersion() == 1 && step.isCall(GnttabOp.SET_VERSION)) {
      report.tests(I57);
    }
    if (rule == GrantRule.COPY_01) {
      report.tests(I64);
    }
    if (rule == GrantRule.COPY_01 && !vcpu.outlived && (vcpu.elementChanged || vcpu.elementPins != 0)) {
      report.violated(I64, Place.domain(view.id()), "a copy of no bytes changed something");
    }
  }

  /** I61: a map has ended in okay and its answer is in guest memory. */
  void mapped(DomainView view, VcpuView vcpu) {
    if (!GuestBuffers.read(view.domain, scene.step().elementAddress, struct, 0, MapLayout.SIZE)) {
      return;
    }
    report.tests(I61);
    int handle = Bytes.getInt(struct, MapLayout.HANDLE);
    long address = Bytes.getLong(struct, MapLayout.DEV_BUS_ADDR);
    boolean told = handle == vcpu.published && address == vcpu.publishedFrame << 12;
    if (!told || Integer.compareUnsigned(handle, view.table.maptrack().limit()) >= 0) {
      report.violated(
          I61,
          Place.handle(view.id(), vcpu.published),
          "a map answered handle %d and address 0x%x, for frame 0x%x",
          handle,
          address,
          vcpu.publishedFrame);
    }
  }

  /** I58: a grant call is over. */
  void finished(DomainView view, long x0) {
    if (scene.step().operation >= 0) {
      report.tests(I58);
    }
    if (scene.step().operation >= 0 && x0 > 0) {
      report.violated(I58, Place.domain(view.id()), "%s returned %d", scene.step().call(), x0);
    }
  }

  /** The statuses that an operation can give (I60), on Arm with flask's refusals. */
  static boolean isPossible(int operation, int status, int maxVersion, Release release) {
    int possible =
        switch (operation) {
          case GnttabOp.MAP_GRANT_REF -> release.compareTo(Release.V4_16) >= 0 ? MAP : MAP | 1 << 7;
          case GnttabOp.UNMAP_GRANT_REF, GnttabOp.UNMAP_AND_REPLACE -> UNMAP;
          case GnttabOp.COPY -> COPY;
          case GnttabOp.SETUP_TABLE -> SETUP;
          case GnttabOp.QUERY_SIZE -> QUERY;
          case GnttabOp.GET_STATUS_FRAMES -> maxVersion == 1 ? FRAMES : FRAMES | 1 << 5;
          case GnttabOp.SWAP_GRANT_REF -> SWAP;
          case GnttabOp.TRANSFER -> Difference.TRANSFER_REFUSED.isIn(release) ? 0 : TRANSFER;
          default -> 0;
        };
    return status <= 0 && status > -Integer.SIZE && (possible >>> -status & 1) != 0;
  }
}
