package org.xenarium.scenarios.property;

import com.google.common.collect.ImmutableList;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.gnttab.abi.GrantFlags;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.Maptrack;
import org.xenarium.gnttab.table.SharedEntries;
import org.xenarium.scenarios.campaign.Finding;
import org.xenarium.scenarios.campaign.Property;
import org.xenarium.scenarios.campaign.Tally;
import org.xenarium.scenarios.script.Column;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Progress;
import org.xenarium.scenarios.vocabulary.Call;
import org.xenarium.scenarios.vocabulary.Knowledge;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.RunWatcher;

/**
 * What holds of every grant driver whatever it has inside, looked at for guests with a driver of their own that use nothing else: G2, G3, G4 and G5
 * of the guest invariants. G13 follows from G3: where no pin is left, nothing is mapped.
 */
final class DriverPromises implements Property {
  static final Property KEPT = new DriverPromises();

  private static final ImmutableList<String> PROMISES = ImmutableList.of("G2", "G3", "G4", "G5");

  /** What the hypervisor sets in the flags of an entry that is in use. */
  private static final int XEN_BITS = GrantFlags.READING | GrantFlags.WRITING;

  private static final int NOBODY = -1;

  private DriverPromises() {}

  @Override
  public String name() {
    return "driver-promises";
  }

  @Override
  public String statement() {
    return "a driver hands a reference out once, for the page that was asked for, says truthfully whether a grant has ended, tells of every mapping that "
        + "it has, and answers what is so";
  }

  @Override
  public void observe(Run run, Consumer<Finding> findings, Tally tally) {
    Judgement judgement = new Judgement(run, tally, findings);
    PROMISES.forEach(invariant -> judgement.test(invariant, 0));
    run.watch(new Observer(judgement));
    run.watch(new EntryPromises(judgement));
    run.watch(new AnswerPromises(judgement));
  }

  /** One run. A driver is in one call at a time, and the end of a call is told before another vCPU can be in the next. */
  private static final class Observer implements RunWatcher {
    private final Run run;
    private final Judgement judgement;

    /** By domid, references that were handed out and not reported released. */
    private final TreeMap<Integer, TreeSet<Integer>> owned = new TreeMap<>();

    /** Domains whose mappings are to be looked at when none of their calls is under way. */
    private final TreeSet<Integer> changed = new TreeSet<>();

    Observer(Judgement judgement) {
      this.judgement = judgement;
      run = judgement.run();
    }

    @Override
    public void ended(int actor, Call call, Progress progress) {
      int domid = run.stage().domid(actor);
      if (judgement.judged(actor, progress) == null) {
        return;
      }
      long returned = run.result(actor, Column.RETURNS);
      switch (call.operation()) {
        case GRANT_ACCESS, ALLOC_AND_GRANT -> granted(domid, (int) returned);
        case END_ACCESS -> ended(domid, (int) call.get(0, 0), returned);
        case MAP_REFS, UNMAP_REFS -> changed.add(domid);
        default -> {}
      }
    }

    /** A later domain of a domid has nothing to do with what an earlier one was given. */
    @Override
    public void outside(Operation operation, long... numbers) {
      int domid = operation == Operation.CREATE ? (int) numbers[0] : NOBODY;
      if (domid != NOBODY && run.stage().machine().world().domain(domid) == null) {
        owned.remove(domid);
        changed.remove(domid);
      }
    }

    private void granted(int domid, int ref) {
      judgement.test("G2", ref > 0 ? 1 : 0);
      boolean isNew = ref <= 0 || owned.computeIfAbsent(domid, any -> new TreeSet<>()).add(ref);
      if (!isNew) {
        judgement.found("G2", "domain " + domid + ": reference " + ref + " was handed out, whose owner was not told of its release");
      }
    }

    private void ended(int domid, int ref, long returned) {
      boolean released = run.saysReleased(domid, returned);
      TreeSet<Integer> own = owned.computeIfAbsent(domid, any -> new TreeSet<>());
      Domain domain = run.stage().machine().domain(domid);
      GrantTable table = GrantTable.of(domain);
      if (ref < 0 || ref >= table.entryCount()) {
        return;
      }
      judgement.test("G3", 1);
      long flags = SharedEntries.header(domain, table, ref) & 0xffff;
      int pin = table.active().pin(ref);
      boolean open = flags != 0 || pin != 0;
      String state = " its flags are 0x" + Long.toHexString(flags) + " and " + (pin == 0 ? "nobody has it" : "somebody has it in use");
      if (released && open) {
        judgement.found("G3", "domain " + domid + ": end_access says that reference " + ref + " is released, but" + state);
      }
      boolean mayHaveEndedSince = run.setting().interleaves();
      boolean refused = !released && returned != GuestDriver.NO_SUCH_CALL;
      boolean inUse = pin != 0 || (flags & XEN_BITS) != 0;
      if (refused && !inUse && own.contains(ref) && !mayHaveEndedSince) {
        judgement.found("G3", "domain " + domid + ": end_access refuses reference " + ref + " with " + returned + ", and" + state);
      }
      if (released) {
        own.remove(ref);
      }
    }

    @Override
    public void played() {
      for (int domid : changed.toArray(Integer[]::new)) {
        if (judgement.judged(domid) == null) {
          changed.remove(domid);
        } else if (isQuiet(domid)) {
          changed.remove(domid);
          compareMappings(domid);
        }
      }
    }

    @Override
    public void finished() {
      played();
    }

    private boolean isQuiet(int domid) {
      for (int actor = 0; actor < run.stage().actors().size(); actor++) {
        if (run.stage().domid(actor) == domid && run.stage().vcpu(actor) != null && run.stage().isBusy(actor)) {
          return false;
        }
      }
      Domain domain = run.stage().machine().domain(domid);
      for (int vcpu = 0; vcpu < domain.vcpuCount(); vcpu++) {
        if (domain.vcpu(vcpu).isHalted() || domain.vcpu(vcpu).isStuck()) {
          return false;
        }
      }
      return true;
    }

    /** What the hypervisor holds for the domain is what its driver told its caller of. */
    private void compareMappings(int domid) {
      judgement.test("G4", 1);
      judgement.test("G5", 1);
      TreeSet<Long> told = new TreeSet<>();
      for (Knowledge.Mapping mapping : run.knowledge().of(domid).mappings()) {
        told.add(mapping.handle().value());
      }
      Maptrack maptrack = GrantTable.of(run.stage().machine().domain(domid)).maptrack();
      TreeSet<Long> live = new TreeSet<>();
      for (int handle = 0; handle < maptrack.limit(); handle++) {
        if (maptrack.isLive(handle)) {
          live.add((long) handle);
        }
      }
      String mappings = "domain " + domid + " has the handles " + live + " and was told of " + told;
      if (!live.containsAll(told)) {
        judgement.found("G4", mappings);
      }
      if (!told.containsAll(live)) {
        judgement.found("G5", mappings);
      }
    }
  }
}
