package org.xenarium.scenarios.vocabulary;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.xenarium.emulator.domain.Access;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.gnttab.abi.GrantFlags;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.scenarios.script.Operation;

/** What guests do to the entries of their grant tables with loads and stores of their own. */
final class EntryVerbs {
  private static final int XEN_BITS = GrantFlags.READING | GrantFlags.WRITING;

  /** A bit of the flags that no Xen looks at. */
  private static final int IDLE_BIT = 0x20;

  /** More often than an entry is tried to be marked, with some more for what comes before. */
  private static final int CHANGES = 12;

  private EntryVerbs() {}

  /** Verbs with their weights. */
  static List<Vocabulary.Weighted> all() {
    Predicate<Manner> raw = manner -> manner != Manner.DRIVER;
    return List.of(
        verb("gte", 16, raw, EntryVerbs::write),
        verb("gtt", 4, raw, EntryVerbs::writeTransitive),
        verb("withdraw", 10, raw, EntryVerbs::withdraw),
        verb("look", 1, raw, EntryVerbs::look),
        verb("flicker", 4, Manner.WILD::equals, EntryVerbs::flicker));
  }

  private static Vocabulary.Weighted verb(String name, int weight, Predicate<Manner> suits, Consumer<Turn> play) {
    return new Vocabulary.Weighted(Verb.of(name, suits, play), weight);
  }

  private static boolean isVersion2(Turn turn) {
    return GrantTable.of(turn.domain()).version() == 2;
  }

  /** Careful guests write only entries that are free and that nobody has in use, which Xen tells them in the entry or its status word. */
  private static boolean mayWrite(Turn turn, int ref) {
    return turn.isWild() || turn.flags(ref) <= 0 && GrantTable.of(turn.domain()).active().pin(ref) == 0;
  }

  private static void write(Turn turn) {
    int ref = 8 + turn.dice().below(4);
    int flags = GrantFlags.PERMIT_ACCESS + (turn.dice().below(2) == 1 ? GrantFlags.READONLY : 0);
    if (turn.dice().oneIn(10)) {
      flags = turn.dice().of(0, 2, 3, 0x101, 0x21, 0x19, 0xffff);
    }
    if (!mayWrite(turn, ref)) {
      return;
    }
    flags &= turn.isWild() ? -1 : ~XEN_BITS;
    int grantee = turn.other();
    long gfn = turn.isWild() ? turn.anyPage() : turn.ramPage();
    if (isVersion2(turn)) {
      flags |= turn.dice().below(4) == 3 ? GrantFlags.SUB_PAGE : 0;
      turn.call(Operation.GTE2).with(ref).with(flags).with(grantee).with(gfn).with(turn.dice().of(0, 0, 16, 4090)).with(turn.dice().of(4096, 16, 0)).play();
    } else {
      turn.call(Operation.GTE).with(ref).with(flags).with(grantee).with(gfn).play();
    }
  }

  /** Grants on what somebody else has granted. */
  private static void writeTransitive(Turn turn) {
    int ref = 8 + turn.dice().below(4);
    int via = turn.other();
    Known there = turn.foreignRef(via);
    if (isVersion2(turn) && mayWrite(turn, ref)) {
      int flags = GrantFlags.TRANSITIVE + (turn.dice().below(2) == 1 ? GrantFlags.READONLY : 0);
      turn.call(Operation.GTT2).with(ref).with(flags).with(turn.other()).with(via).with(there).play();
    }
  }

  /** In version 2 flags and marks are apart, so that a store does what takes a compare-and-swap in version 1. */
  private static void withdraw(Turn turn) {
    Knowledge.Grant grant = turn.grant();
    int ref = grant == null ? 8 + turn.dice().below(4) : grant.ref().as32();
    long flags = turn.flags(ref);
    if (flags <= 0) {
      return;
    }
    if (isVersion2(turn)) {
      turn.call(Operation.GTF2).with(ref).with(0).play();
    } else if (turn.isWild() || (flags & XEN_BITS) == 0) {
      turn.call(Operation.CAS16).with(Entries.address(ref, false)).with(flags).with(0).play();
    }
  }

  /** At an entry, or at its status word once that is mapped. */
  private static void look(Turn turn) {
    int ref = 8 + turn.dice().below(4);
    boolean second = isVersion2(turn);
    long status = Places.STATUS << MachineMemory.PAGE_SHIFT;
    if (second && turn.dice().below(2) == 1) {
      if (turn.domain().vcpu(0).access(status, false) == Access.DONE) {
        turn.call(Operation.GTS).with(ref).with(status).play();
      }
    } else if (turn.flags(ref) >= 0) {
      turn.call(second ? Operation.GTR2 : Operation.GTR).with(ref).play();
    }
  }

  /** While somebody is about to mark an entry, a bit of it that means nothing changes again and again. */
  private static void flicker(Turn turn) {
    CallsUnderWay.Marking marking = turn.marking();
    for (int i = 0; marking != null && i < CHANGES && turn.isIdle(); i++) {
      long flags = turn.flags(marking.ref());
      if (flags < 0) {
        return;
      }
      turn.call(isVersion2(turn) ? Operation.GTF2 : Operation.GTF).with(marking.ref()).with(flags ^ IDLE_BIT).play();
      turn.letGoOn(marking.actor(), 1);
    }
  }
}
