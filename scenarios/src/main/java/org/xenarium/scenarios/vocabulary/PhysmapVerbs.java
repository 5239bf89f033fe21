package org.xenarium.scenarios.vocabulary;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.scenarios.script.Area;
import org.xenarium.scenarios.script.Operation;

/** Hypercalls that map what is not the guest's RAM, and such that take it away. */
final class PhysmapVerbs {
  private static final int NO_SPACE = 99;

  private PhysmapVerbs() {}

  /** Verbs with their weights. */
  static List<Vocabulary.Weighted> all() {
    Predicate<Manner> raw = manner -> manner != Manner.DRIVER;
    return List.of(
        verb("add_to_physmap", 3, raw, PhysmapVerbs::add),
        verb("add_to_physmap_batch", 3, raw, PhysmapVerbs::addBatch),
        verb("map_foreign", 2, raw, PhysmapVerbs::foreign),
        verb("acquire_resource", 3, raw, PhysmapVerbs::acquire),
        verb("remove_from_physmap", 2, raw, PhysmapVerbs::remove));
  }

  private static Vocabulary.Weighted verb(String name, int weight, Predicate<Manner> suits, Consumer<Turn> play) {
    return new Vocabulary.Weighted(Verb.of(name, suits, play), weight);
  }

  private static Places.Kind kind(Turn turn) {
    return Places.Kind.values()[turn.dice().of(0, 0, 0, 1, 2)];
  }

  /** Frames of Xen's where they belong; wild guests put them anywhere. What does not exist is asked for now and then. */
  private static void add(Turn turn) {
    Places.Kind kind = kind(turn);
    int index = turn.dice().below(3);
    int domid = turn.subject();
    if (turn.dice().oneIn(8)) {
      int space = turn.dice().of(MemoryAbi.SPACE_GMFN, MemoryAbi.SPACE_GMFN_RANGE, MemoryAbi.SPACE_GMFN_FOREIGN, MemoryAbi.SPACE_DEV_MMIO, NO_SPACE);
      turn.call(Operation.ADD_TO_PHYSMAP).with(domid).with(space).with(index).with(turn.hole()).play();
    } else if (turn.isWild() && turn.dice().below(2) == 1) {
      long gfn = turn.dice().oneIn(8) ? -1 : turn.anyPage();
      turn.call(Operation.ADD_TO_PHYSMAP).with(domid).with(Places.space(kind)).with(Places.index(kind, index)).with(gfn).play();
    } else {
      Places.add(turn, domid, kind, index);
    }
  }

  private static void addBatch(Turn turn) {
    Places.Kind kind = kind(turn);
    int count = 1 + turn.dice().below(3);
    long[] indexes = new long[count];
    long[] gfns = new long[count];
    for (int i = 0; i < count; i++) {
      int index = turn.dice().below(3);
      indexes[i] = Places.index(kind, index);
      gfns[i] = turn.isWild() && turn.dice().below(4) == 3 ? turn.dice().oneIn(4) ? -1 : turn.anyPage() : Places.gfn(kind, index);
    }
    int space = turn.dice().oneIn(8) ? turn.dice().of(MemoryAbi.SPACE_GMFN_RANGE, MemoryAbi.SPACE_DEV_MMIO, NO_SPACE) : Places.space(kind);
    batch(turn, turn.subject(), space, 0, indexes, gfns);
  }

  /** Pages of another domain's RAM in holes. */
  private static void foreign(Turn turn) {
    int owner = turn.other();
    int count = 1 + turn.dice().below(3);
    long[] pages = new long[count];
    long[] holes = new long[count];
    long last = -1;
    for (int i = 0; i < count; i++) {
      pages[i] = turn.dice().oneIn(6) ? Area.FREE.first() + turn.dice().below(Turn.PLACES) : turn.ramPage();
      holes[i] = turn.holeAfter(last);
      last = holes[i];
    }
    batch(turn, turn.subject(), MemoryAbi.SPACE_GMFN_FOREIGN, owner, pages, holes);
  }

  private static void batch(Turn turn, int domid, int space, int foreign, long[] indexes, long[] gfns) {
    int count = turn.dice().oneIn(12) ? 0 : indexes.length;
    boolean misplaced = turn.dice().oneIn(8);
    Call call = turn.call(Operation.ADD_TO_PHYSMAP_BATCH).with(domid).with(space).with(foreign);
    (misplaced ? call.with(Turn.NOWHERE) : call.withList(indexes)).with(count).withList(gfns);
    call.with(turn.dice().oneIn(8) ? Turn.NOWHERE : Turn.ERRORS).play();
  }

  /** Frames of a grant table, or how many there are. */
  private static void acquire(Turn turn) {
    int type = turn.dice().of(MemoryAbi.RESOURCE_GRANT_TABLE, MemoryAbi.RESOURCE_GRANT_TABLE, MemoryAbi.RESOURCE_GRANT_TABLE,
        MemoryAbi.RESOURCE_IOREQ_SERVER, MemoryAbi.RESOURCE_VMTRACE, NO_SPACE);
    Call call = turn.call(Operation.ACQUIRE_RESOURCE).with(turn.other()).with(type).with(turn.dice().of(0, 0, 0, 1, 2));
    long frame = turn.dice().oneIn(12) ? 1L << 33 : turn.dice().of(0, 0, 1, 2, 40);
    boolean size = turn.dice().below(3) == 2;
    if (size) {
      call.with(0).with(0).with(turn.dice().oneIn(8) ? 1 : 0).with(turn.dice().oneIn(12) ? 1 : 0).play();
      return;
    }
    call.with(frame);
    int count = 1 + turn.dice().below(2);
    long[] gfns = new long[count];
    long last = -1;
    for (int i = 0; i < count; i++) {
      gfns[i] = turn.isWild() && turn.dice().oneIn(4) ? turn.anyPage() : turn.holeAfter(last);
      last = gfns[i];
    }
    (turn.dice().oneIn(12) ? call.with(Turn.NOWHERE) : call.withList(gfns)).with(count).with(turn.dice().oneIn(12) ? 1 : 0).play();
  }

  /** Careful guests take away what they have mapped of others. */
  private static void remove(Turn turn) {
    long gfn = turn.anyPage();
    boolean wild = turn.isWild();
    if (wild || isForeign(turn, gfn)) {
      turn.call(Operation.REMOVE_FROM_PHYSMAP).with(wild ? turn.subject() : DomId.SELF).with(gfn).play();
    }
  }

  private static boolean isForeign(Turn turn, long gfn) {
    long entry = turn.domain().physmap().entry(gfn);
    return entry != Physmap.HOLE && (Physmap.type(entry) == EntryType.MAP_FOREIGN_RW || Physmap.type(entry) == EntryType.MAP_FOREIGN_RO);
  }
}
