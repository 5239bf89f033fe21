package org.xenarium.scenarios.claim;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Access;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.gnttab.table.ActiveEntries;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.scenarios.campaign.Finding;
import org.xenarium.scenarios.campaign.Property;
import org.xenarium.scenarios.campaign.Tally;
import org.xenarium.scenarios.script.DomainSetup;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Progress;
import org.xenarium.scenarios.vocabulary.Call;
import org.xenarium.scenarios.vocabulary.Knowledge;
import org.xenarium.scenarios.vocabulary.Manner;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.RunWatcher;

/**
 * What somebody stores, everybody loads who has the same frame: the mapper where it mapped a grant, the granter at the page that it granted.
 * Asked after every store, of mappings that the mapper was told of and whose granter still has the page where it was.
 */
final class SameBytes implements Property {
  private static final String SHARED = "stores seen through a mapping";

  @Override
  public String name() {
    return "same-frame-same-bytes";
  }

  @Override
  public String statement() {
    return "what one domain stores into a page that is mapped elsewhere is what the other one loads, in both directions";
  }

  @Override
  public void observe(Run run, Consumer<Finding> findings, Tally tally) {
    tally.count(SHARED, 0);
    run.watch(new RunWatcher() {
      @Override
      public void ended(int actor, Call call, Progress progress) {
        if (call.operation() == Operation.W64 && progress == Progress.DONE) {
          for (DomainSetup mapper : run.stage().domains()) {
            for (Knowledge.Mapping mapping : run.knowledge().of(mapper.id()).mappings()) {
              compare(mapper.id(), mapping, call.get(0, 0), run.stage().domid(actor));
            }
          }
        }
      }

      private void compare(int mappedBy, Knowledge.Mapping mapping, long stored, int by) {
        long gfn = grantedFrame(run, mapping);
        Domain granter = domain(run, mapping.granter());
        Domain mapper = domain(run, mappedBy);
        if (gfn < 0 || granter == null || mapper == null || run.setting().mannerOf(mappedBy) == Manner.WILD) {
          return;
        }
        long inPage = stored & (MachineMemory.PAGE_SIZE - 1);
        long there = (mapping.address() & -MachineMemory.PAGE_SIZE) + inPage;
        long here = (gfn << MachineMemory.PAGE_SHIFT) + inPage;
        boolean meant = by == mappedBy && stored == there || by == mapping.granter() && stored == here;
        if (meant && canLoad(mapper, there) && canLoad(granter, here)) {
          tally.count(SHARED, 1);
          long seen = mapper.vcpu(0).load(there, Long.BYTES);
          long own = granter.vcpu(0).load(here, Long.BYTES);
          if (seen != own) {
            findings.accept(new Finding(name(), name(), String.format("domain %d loads 0x%x at 0x%x, and domain %d 0x%x from the page that it granted",
                mappedBy, seen, there, mapping.granter(), own)));
          }
        }
      }
    });
  }

  /** The domain, unless it dies: then it lets go of its mappings without being told so. */
  private static @Nullable Domain domain(Run run, int domid) {
    Domain domain = run.stage().machine().world().domain(domid);
    return domain != null && domain.life() == Life.ALIVE ? domain : null;
  }

  private static boolean canLoad(Domain domain, long address) {
    Vcpu vcpu = domain.vcpu(0);
    return vcpu.access(address, false) == Access.DONE;
  }

  /** Where the granter has the page that is mapped; -1 when it is not known, or was taken away since. */
  private static long grantedFrame(Run run, Knowledge.Mapping mapping) {
    Domain granter = domain(run, mapping.granter());
    if (granter == null) {
      return -1;
    }
    ActiveEntries active = GrantTable.of(granter).active();
    for (Knowledge.Grant grant : run.knowledge().of(mapping.granter()).grants()) {
      if (grant.ref().value() == mapping.ref()) {
        long entry = granter.physmap().entry(grant.gfn());
        boolean stays = entry != Physmap.HOLE && active.pin((int) mapping.ref()) != 0 && Physmap.mfn(entry) == active.mfn((int) mapping.ref());
        return stays ? grant.gfn() : -1;
      }
    }
    return -1;
  }
}
