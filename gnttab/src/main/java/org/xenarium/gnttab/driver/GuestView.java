package org.xenarium.gnttab.driver;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.SharedEntries;

/** A guest as a watch knows it: which calls into its driver are under way, what calls have said so far, and what it declared secret. */
final class GuestView {
  final Domain domain;
  final CallMonitor monitor;
  private final GuestTests tests;
  @Nullable Secrets secrets;

  /** References whose release was reported and that have not been handed out since. */
  final BitSet released = new BitSet();

  /** References that were handed out again while the call that releases them had not returned yet. */
  private final BitSet reused = new BitSet();

  /** Outermost calls, in the order in which they began. */
  private final List<Routine> underWay = new ArrayList<>();

  /** vCPUs in a hypercall of the driver. */
  private final BitSet issuing = new BitSet();

  /** Something else than the one call under way has changed or may have changed the guest since that began. */
  private boolean disturbed;

  private boolean panicked;

  /** Another domain has stored into the grant table. */
  private boolean meddledWith;

  private final DriverPast past;

  GuestView(Domain domain, GuestTests tests) {
    this.domain = domain;
    this.tests = tests;
    past = new DriverPast(domain);
    monitor = new CallMonitor(domain, past, tests);
    monitor.adopt();
  }

  /** True while there is something to expect of the guest. */
  boolean isWatched() {
    return !panicked && !meddledWith && GuestState.isWatched(domain);
  }

  /**
   * A domain has stored something. Where that is this guest's table, which a privileged one can map by acquire_resource, the entries are not
   * the driver's work any more, and its driver cannot tell: the flags that say that a grant is in use may be gone.
   */
  void stored(Domain by, long address) {
    long entry = by == domain ? Physmap.HOLE : by.physmap().entry(address >>> MachineMemory.PAGE_SHIFT);
    GrantTable table = GrantTable.of(domain);
    for (int i = 0; entry != Physmap.HOLE && i < table.frameCount(); i++) {
      meddledWith |= table.frame(i) == Physmap.mfn(entry);
    }
  }

  /** A call is about to take a step. */
  void steps(Routine call) {
    for (Routine other : underWay) {
      if (other == call) {
        return;
      }
    }
    disturbed = !underWay.isEmpty();
    if (!disturbed) {
      monitor.before(call);
    }
    underWay.add(call);
  }

  /** A hypercall of this guest decided something. */
  void decided(Vcpu vcpu) {
    if (issuing.get(vcpu.id())) {
      monitor.decided();
    } else {
      disturbed = true;
    }
  }

  /** A step is over; does the vCPU go on with a hypercall that a call has issued? */
  void stepped(Vcpu vcpu, boolean byCall) {
    boolean inHypercall = vcpu.atHypercall() || vcpu.call() != null;
    issuing.set(vcpu.id(), inHypercall && (byCall || issuing.get(vcpu.id())));
  }

  /** A reference was handed out, by whichever call. */
  void granted(int ref) {
    if (ref < 0) {
      monitor.granted(ref);
      return;
    }
    released.clear(ref);
    for (Routine call : underWay) {
      if (call instanceof EndAccess end && end.ref() == ref) {
        reused.set(ref);
        return;
      }
    }
    monitor.granted(ref);
  }

  /** An outermost call has returned, or the guest has panicked. */
  void ends(Vcpu vcpu, Routine call) {
    underWay.removeIf(other -> other == call);
    panicked |= vcpu.isHalted();
    if (!isWatched()) {
      return;
    }
    long value = vcpu.x(0);
    switch (call) {
      case InitDriver init -> monitor.adopt();
      case EndAccess end -> ended(end.ref(), value);
      case MapRefs map when !disturbed -> monitor.afterMap(map.array(), map.count());
      case UnmapRefs unmap when !disturbed -> monitor.afterUnmap(unmap.array(), unmap.count());
      case GetPages get when !disturbed && value == 0 -> monitor.afterFailure();
      case PutPages put when !disturbed && value != 0 -> monitor.afterFailure();
      case AllocAndGrant allocation when !disturbed && (int) value < 0 -> monitor.afterFailure();
      default -> {}
    }
    if (underWay.isEmpty() && !(call instanceof InitDriver)) {
      monitor.conserved();
    }
  }

  private void ended(int ref, long value) {
    if (ref < 0) {
      if (!disturbed) {
        monitor.afterFailure();
      }
      return;
    }
    if (reused.get(ref)) {
      reused.clear(ref);
      return;
    }
    monitor.ended(ref, value);
    if (monitor.isRelease(value)) {
      released.set(ref);
    } else if (!disturbed) {
      monitor.afterFailure();
    }
  }

  /** What does not hold of the guest's state; what is as it was when it was last looked at need not be looked at again. */
  List<GuestViolation> state() {
    GrantDriver driver = GrantDriver.of(domain);
    List<GuestViolation> violations = new ArrayList<>(0);
    past.look();
    if (past.referencesChanged()) {
      references(driver, violations);
    }
    if (past.pagesChanged()) {
      int before = violations.size();
      GuestState.g6PageAccount(domain, driver, past.ramPages(), violations, tests);
      GuestState.g11VirtualAddresses(domain, driver, violations, tests);
      past.pagesAre(violations.size() == before);
    }
    GuestState.g7NoReuseUnderGrant(domain, driver, violations, tests);
    GuestState.g8Interrupts(domain, violations, tests);
    GuestState.g12NobodyWaitsForNothing(domain, driver, violations, tests);
    return violations;
  }

  private void references(GrantDriver driver, List<GuestViolation> violations) {
    if (past.known.holds()) {
      tests.tests(GuestInvariant.G1);
    } else {
      GuestState.g1FreeList(domain, driver, violations, tests);
      past.known.learn(violations.isEmpty());
    }
    past.referencesAre(violations.isEmpty());
  }

  /** True when no call is under way. */
  boolean isIdle() {
    return underWay.isEmpty();
  }

  /** True when all calls that are under way wait. */
  boolean onlyWaits(Vcpu vcpu) {
    for (Routine call : underWay) {
      if (!call.isWaiting(vcpu)) {
        return false;
      }
    }
    return true;
  }

  /** The frame that an entry of this guest grants, or -1. */
  long granting(int ref) {
    GrantTable table = GrantTable.of(domain);
    long entry = table.contains(ref) ? domain.physmap().entry(SharedEntries.frame(domain, table, ref)) : Physmap.HOLE;
    return entry == Physmap.HOLE ? -1 : Physmap.mfn(entry);
  }

  /** True for an address in an extended region. */
  boolean isInRegion(long address) {
    return GrantDriver.of(domain).regions().contains(address);
  }

  /** True for an address in an extended region at which nothing lies. */
  boolean isNowhere(long address) {
    return domain.physmap().entry(address >>> MachineMemory.PAGE_SHIFT) == Physmap.HOLE && isInRegion(address);
  }
}
