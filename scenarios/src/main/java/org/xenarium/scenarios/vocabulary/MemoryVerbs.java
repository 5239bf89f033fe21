package org.xenarium.scenarios.vocabulary;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.xenarium.emulator.domain.Access;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.scenarios.script.Area;
import org.xenarium.scenarios.script.Operation;

/** Loads, stores, and hypercalls that change an address space. */
final class MemoryVerbs {
  private MemoryVerbs() {}

  /** Verbs with their weights. */
  static List<Vocabulary.Weighted> all() {
    Predicate<Manner> raw = manner -> manner != Manner.DRIVER;
    return List.of(
        verb("store", 8, any -> true, turn -> access(turn, true)),
        verb("load", 4, any -> true, turn -> access(turn, false)),
        verb("add_to_physmap", 2, raw, MemoryVerbs::add),
        verb("remove_from_physmap", 1, Manner.WILD::equals, turn -> turn.call(Operation.REMOVE_FROM_PHYSMAP).with(turn.target())
            .with(turn.anyPage()).play()),
        verb("decrease_reservation", 3, raw, MemoryVerbs::decrease),
        verb("populate_physmap", 4, raw, MemoryVerbs::populate),
        verb("increase_reservation", 1, raw, turn -> turn.call(Operation.INCREASE_RESERVATION).with(DomId.SELF)
            .withFrames(turn.ramPage()).with(1).with(0).with(0).play()),
        verb("current_reservation", 1, raw, turn -> turn.call(Operation.CURRENT_RESERVATION).with(turn.target()).play()),
        verb("maximum_gpfn", 1, raw, turn -> turn.call(Operation.MAXIMUM_GPFN).with(turn.target()).play()));
  }

  private static Vocabulary.Weighted verb(String name, int weight, Predicate<Manner> suits, Consumer<Turn> play) {
    return new Vocabulary.Weighted(Verb.of(name, suits, play), weight);
  }

  /** Own pages and mapped ones, where the access is possible: others are not worth a whole guest. */
  private static void access(Turn turn, boolean store) {
    Knowledge.Mapping mapping = turn.mapping(any -> true);
    boolean foreign = turn.dice().below(2) == 1 && mapping != null;
    long page = foreign && mapping != null ? mapping.address() & -MachineMemory.PAGE_SIZE : turn.ramPage() << MachineMemory.PAGE_SHIFT;
    long address = page + 8L * turn.dice().below(4);
    Vcpu vcpu = turn.domain().vcpu(0);
    if (vcpu.access(address, store) != Access.DONE) {
      return;
    }
    if (store) {
      turn.call(Operation.W64).with(address).with(turn.dice().below(256)).play();
    } else {
      turn.call(Operation.R64).with(address).play();
    }
  }

  private static void add(Turn turn) {
    int index = turn.dice().below(3);
    long gfn = turn.isWild() ? turn.anyPage() : Area.GRANTS.first() + index;
    int space = turn.isWild() ? turn.dice().of(MemoryAbi.SPACE_GRANT_TABLE, MemoryAbi.SPACE_SHARED_INFO) : MemoryAbi.SPACE_GRANT_TABLE;
    turn.call(Operation.ADD_TO_PHYSMAP).with(DomId.SELF).with(space).with(index).with(gfn).play();
  }

  /** Careful guests keep the pages that they have granted. */
  private static void decrease(Turn turn) {
    long gfn = turn.isWild() ? turn.anyPage() : turn.ramPage();
    if (turn.isWild() || !turn.isGranted(gfn)) {
      turn.call(Operation.DECREASE_RESERVATION).with(DomId.SELF).withFrames(gfn).with(1).with(0).with(0).play();
    }
  }

  private static void populate(Turn turn) {
    long gfn = turn.isWild() ? turn.anyPage() : turn.ramPage();
    if (turn.isWild() || turn.domain().physmap().entry(gfn) == Physmap.HOLE) {
      turn.call(Operation.POPULATE_PHYSMAP).with(DomId.SELF).withFrames(gfn).with(1).with(0).with(0).play();
    }
  }
}
