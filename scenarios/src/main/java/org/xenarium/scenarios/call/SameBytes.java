package org.xenarium.scenarios.call;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Access;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.gnttab.abi.GntStatus;
import org.xenarium.gnttab.table.ActiveEntries;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.SharedEntries;
import org.xenarium.scenarios.script.CallProperty;
import org.xenarium.scenarios.script.Column;
import org.xenarium.scenarios.script.Progress;

/**
 * What somebody stores, everybody loads who has the same frame: the mapper where it mapped a grant, the granter at the page that it granted.
 * Asked after every store, of mappings that the mapper was told of and whose granter still has the page where it was. Held to it are mappers
 * that map nothing over their mappings.
 */
final class SameBytes implements CallWatcher {
  private static final String TESTS = "stores seen through a mapping";

  /** A mapping that its mapper was told of. */
  private record Known(Domain mapper, int handle, long address, Domain granter, int ref) {
    boolean isAt(Domain domain, long guestAddress) {
      return mapper == domain && (address ^ guestAddress) >>> MachineMemory.PAGE_SHIFT == 0;
    }
  }

  private final Machine machine;
  private final IntPredicate held;
  private final CallFindings findings;
  private final List<Known> mappings = new ArrayList<>();

  SameBytes(Machine machine, IntPredicate held, CallFindings findings) {
    this.machine = machine;
    this.held = held;
    this.findings = findings;
    findings.count(TESTS, 0);
  }

  @Override
  public void ended(GuestCall call, Progress progress) {
    Domain domain = machine.world().domain(call.domid());
    if (domain == null || progress != Progress.DONE) {
      return;
    }
    switch (call.operation()) {
      case MAP, MAP_REFS -> mapped(domain, call);
      case UNMAP, UNMAP_REFS, UNMAP_AND_REPLACE -> unmapped(domain, call);
      case W64 -> stored(domain, call.get(0, 0));
      default -> {}
    }
  }

  private static boolean isOkay(GuestCall call, int element) {
    return call.result(Column.status(call.operation(), element)) == GntStatus.OKAY;
  }

  private void mapped(Domain mapper, GuestCall call) {
    for (int element = 0; element < call.elements(); element++) {
      Domain granter = machine.world().domain((int) call.get(element, 0));
      long address = call.get(element, 3);
      if (granter != null && held.test(mapper.id()) && isOkay(call, element)) {
        mappings.removeIf(known -> known.isAt(mapper, address));
        int handle = (int) call.result(Column.out(call.operation(), element, 0));
        mappings.add(new Known(mapper, handle, address, granter, (int) call.get(element, 1)));
      }
    }
  }

  private void unmapped(Domain mapper, GuestCall call) {
    for (int element = 0; element < call.elements(); element++) {
      int handle = (int) call.get(element, 2);
      if (isOkay(call, element) && call.get(element, 0) != 0) {
        mappings.removeIf(known -> known.mapper == mapper && known.handle == handle);
      }
    }
  }

  private void stored(Domain by, long address) {
    long inPage = address & (MachineMemory.PAGE_SIZE - 1);
    mappings.removeIf(known -> !isAlive(known.mapper) || !isAlive(known.granter));
    for (Known known : List.copyOf(mappings)) {
      long gfn = grantedFrame(known);
      if (gfn >= 0 && inPage + Long.BYTES <= MachineMemory.PAGE_SIZE) {
        long there = (known.address & -MachineMemory.PAGE_SIZE) + inPage;
        long here = (gfn << MachineMemory.PAGE_SHIFT) + inPage;
        boolean meant = by == known.mapper && address == there || by == known.granter && address == here;
        if (meant && canLoad(known.mapper, there) && canLoad(known.granter, here)) {
          compare(known, there, here);
        }
      }
    }
  }

  private void compare(Known known, long there, long here) {
    findings.count(TESTS, 1);
    long seen = known.mapper.vcpu(0).load(there, Long.BYTES);
    long own = known.granter.vcpu(0).load(here, Long.BYTES);
    if (seen != own) {
      findings.found(CallProperty.SAME_BYTES.id(), String.format("domain %d loads 0x%x at 0x%x, and domain %d 0x%x from the page that it granted",
          known.mapper.id(), seen, there, known.granter.id(), own));
    }
  }

  /** A domain that dies lets go of its mappings without being told so. */
  private boolean isAlive(Domain domain) {
    return machine.world().domain(domain.id()) == domain && domain.life() == Life.ALIVE;
  }

  private static boolean canLoad(Domain domain, long address) {
    return domain.vcpu(0).access(address, false) == Access.DONE;
  }

  /** Where the granter has the page that is mapped; -1 when it was taken away since, or something else is in the entry. */
  private static long grantedFrame(Known known) {
    GrantTable table = GrantTable.of(known.granter);
    ActiveEntries active = table.active();
    if (!table.contains(known.ref) || active.pin(known.ref) == 0) {
      return -1;
    }
    long gfn = SharedEntries.frame(known.granter, table, known.ref);
    long entry = known.granter.physmap().entry(gfn);
    return entry != Physmap.HOLE && Physmap.mfn(entry) == active.mfn(known.ref) ? gfn : -1;
  }
}
