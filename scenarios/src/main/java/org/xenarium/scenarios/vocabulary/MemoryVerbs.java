package org.xenarium.scenarios.vocabulary;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.xenarium.emulator.domain.Access;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.scenarios.script.Area;
import org.xenarium.scenarios.script.Operation;

/** Loads, stores, and hypercalls that change an address space. */
final class MemoryVerbs {
  // Flags that Xen looks at.
  private static final int ON_DEMAND = 1 << 16;
  private static final int VIRTUAL_NODE = 1 << 18;

  private MemoryVerbs() {}

  /** Verbs with their weights. */
  static List<Vocabulary.Weighted> all() {
    Predicate<Manner> raw = manner -> manner != Manner.DRIVER;
    return List.of(
        verb("store", 8, any -> true, turn -> access(turn, true)),
        verb("load", 4, any -> true, turn -> access(turn, false)),
        verb("decrease_reservation", 3, raw, MemoryVerbs::decrease),
        verb("populate_physmap", 4, raw, MemoryVerbs::populate),
        verb("increase_reservation", 1, raw, turn -> reservation(turn, Operation.INCREASE_RESERVATION, turn.ramPage())),
        verb("exchange", 1, raw, MemoryVerbs::exchange),
        verb("maximum_ram_page", 1, raw, turn -> turn.call(Operation.MAXIMUM_RAM_PAGE).with(turn.target()).play()),
        verb("maximum_reservation", 1, raw, turn -> turn.call(Operation.MAXIMUM_RESERVATION).with(turn.target()).play()),
        verb("current_reservation", 1, raw, turn -> turn.call(Operation.CURRENT_RESERVATION).with(turn.target()).play()),
        verb("maximum_gpfn", 1, raw, turn -> turn.call(Operation.MAXIMUM_GPFN).with(turn.target()).play()));
  }

  private static Vocabulary.Weighted verb(String name, int weight, Predicate<Manner> suits, Consumer<Turn> play) {
    return new Vocabulary.Weighted(Verb.of(name, suits, play), weight);
  }

  /** Own pages and mapped ones, where the access is possible: others are not worth a whole guest. */
  private static void access(Turn turn, boolean store) {
    Knowledge.Mapping mapping = turn.mapping();
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

  /** Careful guests keep the pages that they have granted. */
  private static void decrease(Turn turn) {
    long gfn = turn.isWild() ? turn.anyPage() : turn.ramPage();
    if (turn.isWild() || !turn.isGranted(gfn)) {
      reservation(turn, Operation.DECREASE_RESERVATION, gfn);
    }
  }

  private static void populate(Turn turn) {
    long gfn = turn.isWild() ? turn.anyPage() : turn.ramPage();
    if (turn.isWild() || turn.domain().physmap().entry(gfn) == Physmap.HOLE) {
      reservation(turn, Operation.POPULATE_PHYSMAP, gfn);
    }
  }

  /** One page of the guest's own. Now and then something is asked for that is refused, or that a large extent makes impossible. */
  private static void reservation(Turn turn, Operation operation, long gfn) {
    boolean odd = turn.dice().oneIn(6);
    int domid = odd ? turn.subject() : DomId.SELF;
    int order = odd ? turn.dice().of(0, 0, 64, 19, -1) : 0;
    int flags = odd ? turn.dice().of(0, 1, 0x100, ON_DEMAND, VIRTUAL_NODE) : 0;
    boolean misplaced = turn.dice().oneIn(24);
    Call call = turn.call(operation).with(domid);
    (misplaced ? call.with(Turn.NOWHERE) : call.withList(gfn)).with(odd ? turn.dice().of(1, 1, 0) : 1).with(order).with(flags).play();
  }

  /** Of a page for another one, which no Xen on Arm does. */
  private static void exchange(Turn turn) {
    int domid = turn.target();
    long gfn = turn.isWild() ? turn.anyPage() : turn.ramPage();
    boolean misplaced = turn.dice().oneIn(6);
    Call call = turn.call(Operation.EXCHANGE).with(domid);
    (misplaced ? call.with(Turn.NOWHERE) : call.withList(gfn)).with(turn.dice().of(1, 1, 1, 0, 2)).with(turn.dice().of(0, 0, 0, 9, 64)).with(turn.dice().of(0, 0, 0, 1));
    call.with(domid).withList(turn.ramPage()).with(1).with(0).with(turn.dice().of(0, 0, 0, 1)).with(turn.dice().of(0, 0, 0, 1)).play();
  }
}
