package org.xenarium.scenarios.property;

import java.util.List;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.gnttab.abi.GntStatus;
import org.xenarium.gnttab.driver.DriverConfig;
import org.xenarium.gnttab.driver.GrantDriver;
import org.xenarium.gnttab.driver.Region;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.scenarios.script.Column;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Progress;
import org.xenarium.scenarios.vocabulary.Call;
import org.xenarium.scenarios.vocabulary.Knowledge.Given;
import org.xenarium.scenarios.vocabulary.Knowledge.Guest;
import org.xenarium.scenarios.vocabulary.RunWatcher;

/** What init, the calls for pages, map_refs, unmap_refs and query_size answer is so. What a driver does not have it may say of itself. */
final class AnswerPromises implements RunWatcher {
  private static final String INIT = "init";
  private static final String STATUS = "status";
  private static final String PAGES = "pages";
  private static final String SIZE = "size";

  /** What stands in a status that nobody has written. */
  private static final long UNTOUCHED = 0x5a5a;

  private final Judgement judgement;

  AnswerPromises(Judgement judgement) {
    this.judgement = judgement;
    for (String promise : List.of(INIT, STATUS, PAGES, SIZE)) {
      judgement.test(promise, 0);
    }
  }

  @Override
  public void ended(int actor, Call call, Progress progress) {
    Domain domain = judgement.judged(actor, progress);
    if (domain == null) {
      return;
    }
    long returned = judgement.run().result(actor, Column.RETURNS);
    switch (call.operation()) {
      case INIT -> started(domain);
      case MAP_REFS, UNMAP_REFS -> statuses(actor, domain, call, returned);
      case GET_PAGES -> gave(domain, returned, call.get(0, 0));
      case PUT_PAGES -> took(domain, returned, call.get(0, 0), call.get(0, 1));
      case GNTTAB_QUERY_SIZE -> told(actor, domain, returned, (int) call.get(0, 0));
      default -> {}
    }
  }

  private void check(boolean holds, String promise, Domain domain, String message) {
    if (!holds) {
      judgement.found(promise, "domain " + domain.id() + ": " + message);
    }
  }

  private void started(Domain domain) {
    DriverConfig config = GrantDriver.of(domain).config();
    GrantTable table = GrantTable.of(domain);
    judgement.test(INIT, 1);
    for (int frame = 0; frame < config.frames(); frame++) {
      long entry = domain.physmap().entry((config.table() >>> MachineMemory.PAGE_SHIFT) + frame);
      boolean there = frame < table.frameCount() && entry != Physmap.HOLE && Physmap.mfn(entry) == table.frame(frame);
      check(there, INIT, domain, "init has returned, and grant frame " + frame + " is not at its place in the table");
    }
  }

  /** A call that fails as a whole need not say anything of its elements. */
  private void statuses(int actor, Domain domain, Call call, long returned) {
    for (int element = 0; element < call.elements() && returned == 0; element++) {
      long status = judgement.run().result(actor, Column.status(call.operation(), element));
      judgement.test(STATUS, 1);
      String spelling = call.operation().spelling();
      check((status & 0xffff) != UNTOUCHED, STATUS, domain, spelling + " returns 0, and has not written the status of element " + element);
      if (call.operation() == Operation.UNMAP_REFS && status != GntStatus.OKAY) {
        long address = call.get(element, 0);
        long handle = call.get(element, 2);
        boolean live = known(domain).mappings().stream().anyMatch(mapping -> mapping.address() == address && mapping.handle().value() == handle);
        check(!live, STATUS, domain, "unmap_refs refuses handle " + handle + " with " + (short) status + ", and it is live at that address");
      }
    }
  }

  private Guest known(Domain domain) {
    return judgement.run().knowledge().of(domain.id());
  }

  private void gave(Domain domain, long address, long count) {
    if (address == 0 || count <= 0) {
      return;
    }
    judgement.test(PAGES, 1);
    long end = address + (count << MachineMemory.PAGE_SHIFT);
    String what = "get_pages gives " + count + " from 0x" + Long.toHexString(address);
    List<Region> regions = GrantDriver.of(domain).config().regions();
    boolean inside = regions.isEmpty() || regions.stream().anyMatch(region -> region.contains(address) && region.contains(end - 1));
    check((address & (MachineMemory.PAGE_SIZE - 1)) == 0, PAGES, domain, what + ", where no page begins");
    check(inside, PAGES, domain, what + ", which are not in an extended region");
    for (Given given : known(domain).pages()) {
      long from = given.what().value();
      boolean apart = end <= from || from + (given.size() << MachineMemory.PAGE_SHIFT) <= address;
      String before = given.size() + " from 0x" + Long.toHexString(from) + " before";
      check(apart, PAGES, domain, what + ", and has given " + before);
    }
  }

  private void took(Domain domain, long returned, long address, long count) {
    if (returned == GuestDriver.NO_SUCH_CALL) {
      return;
    }
    judgement.test(PAGES, 1);
    boolean given = known(domain).pages().stream().anyMatch(one -> one.what().value() == address && one.size() == count);
    String what = count + " pages from 0x" + Long.toHexString(address);
    check(!given || returned == 0, PAGES, domain, "put_pages refuses " + what + " with " + returned + ", and get_pages has given them");
    check(given || returned != 0, PAGES, domain, "put_pages takes " + what + ", and get_pages has not given them");
  }

  /** While a call is under way others go on: the table of another domain may not be the one that was asked for any more, and the own one grows. */
  private void told(int actor, Domain domain, long returned, int target) {
    Domain there = target == DomId.SELF ? domain : judgement.run().stage().machine().world().domain(target);
    boolean othersGoOn = judgement.run().setting().interleaves();
    if (returned != 0 || othersGoOn && there != domain) {
      return;
    }
    judgement.test(SIZE, 1);
    long frames = judgement.run().result(actor, Column.out(Operation.GNTTAB_QUERY_SIZE, 0, 0));
    long most = judgement.run().result(actor, Column.out(Operation.GNTTAB_QUERY_SIZE, 0, 1));
    long status = judgement.run().result(actor, Column.status(Operation.GNTTAB_QUERY_SIZE, 0));
    if (status == GntStatus.OKAY) {
      boolean right = there != null && most == GrantTable.of(there).maxFrames()
          && (frames == GrantTable.of(there).frameCount() || othersGoOn && frames > 0 && frames < GrantTable.of(there).frameCount());
      check(right, SIZE, domain, "query_size says that domain " + target + " has " + frames + " frames of " + most);
    } else {
      check(there != domain, SIZE, domain, "query_size refuses the domain's own table with " + status);
    }
  }
}
