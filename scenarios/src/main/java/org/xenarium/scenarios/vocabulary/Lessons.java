package org.xenarium.scenarios.vocabulary;

import java.util.List;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.gnttab.abi.GntStatus;
import org.xenarium.gnttab.abi.MapFlags;
import org.xenarium.scenarios.script.Column;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.vocabulary.Knowledge.Given;
import org.xenarium.scenarios.vocabulary.Knowledge.Grant;
import org.xenarium.scenarios.vocabulary.Knowledge.Mapping;

/** What a guest knows once a call of its has returned. */
final class Lessons {
  private static final long NO_PAGE = -1;

  private final Run run;
  private final Knowledge.Guest guest;
  private final int actor;
  private final int domid;
  private final int step;
  private final Call call;

  private Lessons(Run run, int actor, int step, Call call) {
    this.run = run;
    this.actor = actor;
    domid = run.stage().domid(actor);
    guest = run.knowledge().of(domid);
    this.step = step;
    this.call = call;
  }

  static void learn(Run run, int actor, int step, Call call) {
    new Lessons(run, actor, step, call).learn();
  }

  private void learn() {
    long returned = run.result(actor, Column.RETURNS);
    switch (call.operation()) {
      case GRANT_ACCESS -> granted(returned, (int) call.get(0, 0), call.get(0, 1), call.get(0, 2) != 0);
      case ALLOC_AND_GRANT -> allocated(returned);
      case END_ACCESS -> ended(returned, call.get(0, 0));
      case GTE, GTE2 -> wrote((int) call.get(0, 0), call.get(0, 1), (int) call.get(0, 2), call.get(0, 3));
      case GTT2 -> wroteTransitive((int) call.get(0, 0), call.get(0, 1), (int) call.get(0, 2));
      case GTF, GTF2, CAS16 -> forgetWithdrawn();
      case MAP, MAP_REFS -> mapped();
      case UNMAP, UNMAP_REFS, UNMAP_AND_REPLACE -> unmapped();
      case GET_PAGES -> give(guest.pages(), returned, call.get(0, 0));
      case PUT_PAGES -> takeBack(guest.pages(), returned == 0, call.get(0, 0));
      case K_MALLOC -> give(guest.blocks(), returned, call.get(0, 0));
      case K_FREE -> takeBack(guest.blocks(), true, call.get(0, 0));
      case EVTCHN_ALLOC_UNBOUND, EVTCHN_BIND_INTERDOMAIN, EVTCHN_BIND_VIRQ, EVTCHN_BIND_IPI -> port(returned);
      case EVTCHN_CLOSE -> takeBack(guest.ports(), returned == 0, call.get(0, 0));
      case EVTCHN_RESET -> closeAll(returned == 0 && (call.get(0, 0) == DomId.SELF || call.get(0, 0) == domid));
      default -> {}
    }
  }

  private Known result(int column) {
    return new Known(run.result(actor, column), step, column);
  }

  private void granted(long ref, int grantee, long gfn, boolean readonly) {
    if (ref > 0) {
      guest.grants().add(new Grant(result(Column.RETURNS), grantee, gfn, readonly, true));
    }
  }

  private void allocated(long ref) {
    if (ref > 0) {
      Known page = result(Column.out(Operation.ALLOC_AND_GRANT, 0, 0));
      guest.blocks().add(new Given(page, MachineMemory.PAGE_SIZE));
      granted(ref, 0, page.value() >>> MachineMemory.PAGE_SHIFT, call.get(0, 0) != 0);
    }
  }

  private void ended(long returned, long ref) {
    boolean released = run.saysReleased(domid, returned);
    if (released) {
      guest.grants().removeIf(grant -> grant.ref().value() == ref);
    }
  }

  private void wrote(int ref, long flags, int grantee, long gfn) {
    guest.grants().removeIf(grant -> grant.ref().value() == ref);
    if ((flags & 3) == 1) {
      guest.grants().add(new Grant(Known.number(ref), grantee, gfn, (flags & 4) != 0, false));
    }
  }

  /** What such an entry leads to is no page of the granter's. */
  private void wroteTransitive(int ref, long flags, int grantee) {
    guest.grants().removeIf(grant -> grant.ref().value() == ref);
    guest.grants().add(new Grant(Known.number(ref), grantee, NO_PAGE, (flags & 4) != 0, false));
  }

  /** A withdrawal by hand: it has succeeded exactly if the compare-and-swap found what it expected. */
  private void forgetWithdrawn() {
    boolean swapped = call.operation() == Operation.CAS16;
    boolean done = !swapped || run.result(actor, Column.out(Operation.CAS16, 0, 0)) == call.get(0, 1);
    long ref = swapped ? Entries.ref(call.get(0, 0)) : call.get(0, 0);
    boolean off = done && (swapped ? call.get(0, 2) : call.get(0, 1)) == 0;
    if (off) {
      guest.grants().removeIf(grant -> grant.ref().value() == ref && !grant.byDriver());
    }
  }

  private void mapped() {
    for (int element = 0; element < call.elements(); element++) {
      if (run.result(actor, Column.status(call.operation(), element)) == GntStatus.OKAY) {
        boolean readonly = (call.get(element, 2) & MapFlags.READONLY) != 0;
        guest.mappings().add(new Mapping(result(Column.out(call.operation(), element, 0)), call.get(element, 3),
            (int) call.get(element, 0), call.get(element, 1), readonly, call.operation() == Operation.MAP_REFS));
      }
    }
  }

  private void unmapped() {
    for (int element = 0; element < call.elements(); element++) {
      boolean okay = run.result(actor, Column.status(call.operation(), element)) == GntStatus.OKAY;
      long handle = call.get(element, 2);
      if (okay && call.get(element, 0) != 0) {
        guest.mappings().removeIf(mapping -> mapping.handle().value() == handle);
      }
    }
  }

  private void give(List<Given> to, long address, long size) {
    if (address > 0) {
      to.add(new Given(result(Column.RETURNS), size));
    }
  }

  private void takeBack(List<Given> from, boolean done, long what) {
    if (done) {
      from.removeIf(given -> given.what().value() == what);
    }
  }

  private void port(long returned) {
    if (returned == 0) {
      guest.ports().add(new Given(result(Column.out(call.operation(), 0, 0)), 1));
    }
  }

  private void closeAll(boolean done) {
    if (done) {
      guest.ports().clear();
    }
  }
}
