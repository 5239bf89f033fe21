package org.xenarium.scenarios.vocabulary;

import java.util.List;
import java.util.function.Consumer;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.gnttab.abi.CopyFlags;
import org.xenarium.gnttab.abi.MapFlags;
import org.xenarium.scenarios.script.Area;
import org.xenarium.scenarios.script.Operation;

/** Grant hypercalls. */
final class GrantVerbs {
  private static final int MADE_UP_HANDLE = 0x1234;
  private static final int MANY = 130;

  private GrantVerbs() {}

  /** Verbs with their weights. */
  static List<Vocabulary.Weighted> all() {
    return List.of(
        verb("map", 28, GrantVerbs::map),
        verb("mapmany", 1, GrantVerbs::mapMany),
        verb("unmap", 20, GrantVerbs::unmap),
        verb("copy", 14, GrantVerbs::copy),
        verb("swap_grant_ref", 3, GrantVerbs::swap),
        verb("query_size", 1, turn -> turn.call(Operation.QUERY_SIZE).with(turn.target()).play()),
        verb("setup_table", 2, GrantVerbs::setupTable),
        verb("get_version", 1, turn -> turn.call(Operation.GET_VERSION).with(turn.target()).play()),
        verb("set_version", 2, turn -> turn.call(Operation.SET_VERSION).with(turn.dice().of(1, 2, 2, 2, 0, 3)).play()),
        verb("get_status_frames", 1, turn -> turn.call(Operation.GET_STATUS_FRAMES).with(turn.dice().below(3)).with(turn.target())
            .with(turn.lists()).play()),
        verb("cache_flush", 2, GrantVerbs::flush),
        verb("dump_table", 1, turn -> turn.call(Operation.DUMP_TABLE).with(turn.target()).play()),
        verb("transfer", 1, GrantVerbs::transfer),
        wild("unmap_and_replace", 1, GrantVerbs::replace));
  }

  private static Vocabulary.Weighted verb(String name, int weight, Consumer<Turn> play) {
    return new Vocabulary.Weighted(Verb.of(name, manner -> manner != Manner.DRIVER, play), weight);
  }

  private static Vocabulary.Weighted wild(String name, int weight, Consumer<Turn> play) {
    return new Vocabulary.Weighted(Verb.of(name, manner -> manner == Manner.WILD, play), weight);
  }

  private static void map(Turn turn) {
    Call call = turn.call(Operation.MAP).asBatch();
    int count = turn.dice().oneIn(30) ? 40 : 1 + turn.dice().below(3);
    long last = -1;
    for (int i = 0; i < count; i++) {
      int granter = turn.other();
      Known ref = turn.foreignRef(granter);
      int flags = turn.dice().oneIn(10)
          ? turn.dice().of(0, MapFlags.READONLY, 3, 0x12, 0x0a, 0x22, 0x10006)
          : MapFlags.HOST_MAP + (turn.dice().below(2) == 1 ? MapFlags.READONLY : 0);
      long gfn = turn.isWild() && turn.dice().below(2) == 1 ? turn.anyPage() : turn.holeAfter(last);
      last = gfn;
      call.with(granter).with(ref).with(flags).with(gfn << MachineMemory.PAGE_SHIFT | turn.dice().below(2) * 8L);
    }
    call.play();
  }

  /** As many handles as there are, if nobody else has some: that much of one entry is for reading, and as much for writing. */
  private static void mapMany(Turn turn) {
    int granter = turn.other();
    Known ref = turn.foreignRef(granter);
    int flags = MapFlags.HOST_MAP + (turn.dice().below(2) == 1 ? MapFlags.READONLY : 0);
    long first = Area.FREE.first() + MANY * (1 + turn.dice().below(4));
    if (turn.areHoles(first, MANY)) {
      turn.call(Operation.MAPMANY).with(granter).with(ref).with(flags).with(first << MachineMemory.PAGE_SHIFT).with(MANY).play();
    }
  }

  private static void unmap(Turn turn) {
    Call call = turn.call(Operation.UNMAP).asBatch();
    int count = turn.dice().oneIn(30) ? 40 : 1 + turn.dice().below(3);
    long last = -1;
    for (int i = 0; i < count; i++) {
      long before = turn.isWild() ? -1 : last;
      Knowledge.Mapping mapping = turn.mapping(any -> any.handle().value() > before && !isLeaving(turn, any));
      if (mapping == null) {
        call.with(turn.isWild() ? turn.anyPage() << MachineMemory.PAGE_SHIFT : 0).with(0).with(MADE_UP_HANDLE + i);
        continue;
      }
      last = mapping.handle().value();
      int odd = turn.dice().below(20);
      long address = odd == 17 ? 0 : odd > 17 && turn.isWild() ? turn.anyPage() << MachineMemory.PAGE_SHIFT : mapping.address();
      call.with(address).with(0).with(odd == 16 ? Known.number(MADE_UP_HANDLE) : mapping.handle());
    }
    call.play();
  }

  private static boolean isLeaving(Turn turn, Knowledge.Mapping mapping) {
    return !turn.isWild() && turn.isInUse(Operation.UNMAP, 2, mapping.handle().value());
  }

  private static void replace(Turn turn) {
    Knowledge.Mapping mapping = turn.mapping();
    if (mapping != null) {
      turn.call(Operation.UNMAP_AND_REPLACE).with(mapping.address()).with(turn.dice().below(2)).with(mapping.handle()).play();
    }
  }

  /** Of a page of the guest's, which no Xen on Arm takes away. */
  private static void transfer(Turn turn) {
    if (turn.isArm()) {
      turn.call(Operation.TRANSFER).asBatch().with(turn.anyPage()).with(turn.other()).with(turn.anyRef()).play();
    }
  }

  private static void copy(Turn turn) {
    Call call = turn.call(Operation.COPY).asBatch();
    int count = 1 + turn.dice().below(4);
    for (int i = 0; i < count; i++) {
      boolean from = turn.dice().below(4) != 3;
      boolean to = turn.dice().below(4) == 3;
      end(turn, call, from);
      end(turn, call, to);
      call.with(turn.dice().oneIn(8) ? turn.dice().of(0, 1, 4096, 4097, 0xffff) : 16)
          .with((from ? CopyFlags.SOURCE_GREF : 0) | (to ? CopyFlags.DEST_GREF : 0));
    }
    call.play();
  }

  /** One end of a copy: reference or frame, domain, offset. */
  private static void end(Turn turn, Call call, boolean byRef) {
    int dom = byRef ? turn.other() : turn.dice().oneIn(16) ? turn.other() : DomId.SELF;
    Known where = byRef ? turn.foreignRef(dom) : Known.number(turn.isWild() ? turn.anyPage() : turn.ramPage());
    call.with(where).with(dom).with(turn.dice().oneIn(6) ? turn.dice().of(8, 4000, 4095, 5000) : 0);
  }

  private static void swap(Turn turn) {
    Call call = turn.call(Operation.SWAP_GRANT_REF).asBatch();
    int count = 1 + turn.dice().below(2);
    for (int i = 0; i < count; i++) {
      call.with(turn.anyRef()).with(turn.anyRef());
    }
    call.play();
  }

  private static void setupTable(Turn turn) {
    turn.call(Operation.SETUP_TABLE).with(turn.target()).with(turn.dice().of(1, 2, 3, 0, -1)).with(turn.lists()).play();
  }

  private static void flush(Turn turn) {
    long entry = turn.domain().physmap().entry(turn.anyPage());
    long address = entry == Physmap.HOLE ? 0 : Physmap.mfn(entry) << MachineMemory.PAGE_SHIFT;
    turn.call(Operation.CACHE_FLUSH).with(address).with(turn.dice().of(0, 0, 4095, 4096)).with(turn.dice().of(64, 64, 1, 0))
        .with(turn.dice().of(1, 3, 2, 0, 4)).play();
  }
}
