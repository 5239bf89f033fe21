package org.xenarium.scenarios.property;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.SharedEntries;
import org.xenarium.scenarios.property.EntryNames.Name;
import org.xenarium.scenarios.script.Column;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Progress;
import org.xenarium.scenarios.vocabulary.Call;
import org.xenarium.scenarios.vocabulary.RunWatcher;

/**
 * The entry of a grant says what was asked for: when grant_access or alloc_and_grant returns its reference, in each moment before in which it was
 * valid, and until end_access is called for it. Looked at in tables of version 1.
 */
final class EntryPromises implements RunWatcher {
  private static final String PROMISE = "entry";
  private static final int RESERVED = 8;
  private static final int NOBODY = -1;

  private final Judgement judgement;
  private final EntryNames names = new EntryNames();

  /** Drivers whose stores are watched. */
  private final List<OwnDriver> watched = new ArrayList<>();

  /** By domid, what the entries of open grants say. */
  private final TreeMap<Integer, TreeMap<Integer, Name>> open = new TreeMap<>();

  /** By actor, the reference whose end_access is under way: as soon as it is granted, that call may end it. */
  private final TreeMap<Integer, Integer> ending = new TreeMap<>();

  EntryPromises(Judgement judgement) {
    this.judgement = judgement;
    judgement.test(PROMISE, 0);
  }

  @Override
  public void begins(int actor, Call call, int pace) {
    int domid = judgement.run().stage().domid(actor);
    Vcpu vcpu = judgement.run().stage().vcpu(actor);
    if (vcpu == null || judgement.judged(domid) == null) {
      return;
    }
    OwnDriver own = OwnDriver.of(vcpu);
    if (!watched.contains(own)) {
      watched.add(own);
      own.watch(names);
    }
    names.begins(vcpu);
    if (call.operation() == Operation.END_ACCESS) {
      int ref = (int) call.get(0, 0);
      ending.put(actor, ref);
      open.getOrDefault(domid, new TreeMap<>()).remove(ref);
    }
  }

  @Override
  public void ended(int actor, Call call, Progress progress) {
    ending.remove(actor);
    Domain domain = judgement.judged(actor, progress);
    if (domain == null) {
      return;
    }
    int ref = (int) judgement.run().result(actor, Column.RETURNS);
    if (call.operation() == Operation.GRANT_ACCESS) {
      granted(actor, domain, ref, new Name((int) call.get(0, 0), call.get(0, 1), call.get(0, 2) != 0));
    } else if (call.operation() == Operation.ALLOC_AND_GRANT) {
      long page = judgement.run().result(actor, Column.out(Operation.ALLOC_AND_GRANT, 0, 0));
      granted(actor, domain, ref, new Name(0, page >>> 12, call.get(0, 0) != 0));
    }
  }

  private void granted(int actor, Domain domain, int ref, Name asked) {
    GrantTable table = GrantTable.of(domain);
    if (ref <= 0 || table.version() != 1) {
      return;
    }
    judgement.test(PROMISE, 1);
    String who = "domain " + domain.id() + ": reference " + ref;
    if (ref < RESERVED || ref >= table.entryCount()) {
      judgement.found(PROMISE, who + " was handed out; a driver has those from " + RESERVED + " to " + (table.entryCount() - 1));
    }
    Vcpu vcpu = judgement.run().stage().vcpu(actor);
    for (Name name : vcpu == null ? List.<Name>of() : names.names(vcpu, ref)) {
      check(asked.equals(name), who + " was valid for " + name + " for a time, and granted is " + asked);
    }
    String says = says(domain, ref);
    check(says.equals(asked.toString()), who + " says " + says + ", and granted is " + asked);
    if (!isEnding(domain.id(), ref)) {
      open.computeIfAbsent(domain.id(), any -> new TreeMap<>()).put(ref, asked);
    }
  }

  private boolean isEnding(int domid, int ref) {
    return ending.entrySet().stream().anyMatch(one -> one.getValue() == ref && judgement.run().stage().domid(one.getKey()) == domid);
  }

  private void check(boolean holds, String message) {
    if (!holds) {
      judgement.found(PROMISE, message);
    }
  }

  private static String says(Domain domain, int ref) {
    GrantTable table = GrantTable.of(domain);
    long header = Integer.toUnsignedLong(SharedEntries.header(domain, table, ref));
    Name name = Name.of(header | SharedEntries.frame(domain, table, ref) << Integer.SIZE);
    return name == null ? "nothing (flags 0x" + Long.toHexString(header & 0xffff) + ")" : name.toString();
  }

  /** A later domain of a domid has granted nothing. While there is one, none is created. */
  @Override
  public void outside(Operation operation, long... numbers) {
    int domid = operation == Operation.CREATE ? (int) numbers[0] : NOBODY;
    if (domid != NOBODY && judgement.run().stage().machine().world().domain(domid) == null) {
      open.remove(domid);
      ending.keySet().removeIf(actor -> judgement.run().stage().domid(actor) == domid);
    }
  }

  @Override
  public void played() {
    open.forEach((domid, grants) -> {
      Domain domain = judgement.judged(domid);
      if (domain != null && GrantTable.of(domain).version() == 1) {
        grants.forEach((ref, asked) -> {
          String says = says(domain, ref);
          String who = "domain " + domid + ": reference " + ref;
          check(says.equals(asked.toString()), who + " says " + says + ", and what was granted and not ended is " + asked);
        });
      }
    });
  }
}
