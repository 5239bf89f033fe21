package org.xenarium.scenarios.vocabulary;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.xenarium.emulator.fault.Fault;
import org.xenarium.emulator.fault.FaultPoint;
import org.xenarium.emulator.fault.MemoryFault;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.gnttab.op.MapFault;
import org.xenarium.scenarios.script.Area;
import org.xenarium.scenarios.script.FaultNames;
import org.xenarium.scenarios.script.Operation;

/** What makes calls fail that are right in themselves: failures on order, preemption, and arguments that are not where they should be. */
final class FaultVerbs {
  /** More than a driver tries a page that is out for the moment. */
  private static final int ALL_RETRIES = 30;

  /** Those of the misplaced calls that take several elements. */
  private static final ImmutableSet<Operation> BATCHES = Sets.immutableEnumSet(
      Operation.MAP, Operation.UNMAP, Operation.COPY, Operation.SWAP_GRANT_REF, Operation.MULTICALL, Operation.TRANSFER);

  private static final ImmutableSet<Operation> ON_ARM_ONLY = Sets.immutableEnumSet(Operation.TRANSFER, Operation.GET_FEATURES);

  private static final Operation[] MISPLACED = {
    Operation.MAP, Operation.UNMAP, Operation.COPY, Operation.QUERY_SIZE, Operation.SETUP_TABLE, Operation.GET_STATUS_FRAMES, Operation.SWAP_GRANT_REF,
    Operation.GET_VERSION, Operation.CACHE_FLUSH, Operation.SET_VERSION, Operation.TRANSFER, Operation.MULTICALL, Operation.ADD_TO_PHYSMAP,
    Operation.ADD_TO_PHYSMAP_BATCH, Operation.ACQUIRE_RESOURCE, Operation.REMOVE_FROM_PHYSMAP, Operation.EXCHANGE, Operation.POPULATE_PHYSMAP,
    Operation.EVTCHN_ALLOC_UNBOUND, Operation.EVTCHN_STATUS, Operation.EVTCHN_BIND_IPI, Operation.SCHED_POLL, Operation.GET_FEATURES,
    Operation.HVM_GET_PARAM, Operation.CURRENT_RESERVATION
  };

  private FaultVerbs() {}

  /** Verbs with their weights. */
  static List<Vocabulary.Weighted> all() {
    return List.of(
        new Vocabulary.Weighted(Verb.outside("fail", FaultVerbs::fail), 3),
        verb("preempt", 2, any -> true, turn -> turn.call(Operation.PREEMPT).with(turn.dice().below(3)).play()),
        verb("misplaced", 3, manner -> manner != Manner.DRIVER, FaultVerbs::misplaced));
  }

  private static Vocabulary.Weighted verb(String name, int weight, Predicate<Manner> suits, Consumer<Turn> play) {
    return new Vocabulary.Weighted(Verb.of(name, suits, play), weight);
  }

  /** What a driver is to survive; it may not survive that the kernel has no virtual address. */
  private static void fail(Turn turn) {
    FaultPoint[] points = {MapFault.values()[0], MemoryFault.values()[0], MemoryFault.values()[1]};
    int point = FaultNames.POINTS.indexOf(points[turn.dice().below(points.length)]);
    turn.outside(Operation.FAIL, point, turn.anyDomain().id(), Fault.ANY, 0, Long.MAX_VALUE, turn.dice().below(3), turn.dice().of(1, 2, ALL_RETRIES));
  }

  /**
   * Arguments that are told to lie where memory ends, where there is none, or where it can be read only. Careful guests keep away from what they
   * use otherwise, and so do all with multicalls: what is in a page that is in use might be the number of a hypercall that is not emulated.
   */
  private static void misplaced(Turn turn) {
    Operation operation = MISPLACED[turn.dice().below(MISPLACED.length)];
    if (ON_ARM_ONLY.contains(operation) && !turn.isArm()) {
      return;
    }
    boolean inUse = operation != Operation.MULTICALL;
    Knowledge.Mapping own = turn.mapping(any -> any.readonly() && any.granter() == turn.self());
    boolean readonly = turn.dice().below(2) == 0 && own != null && inUse;
    long page = turn.isWild() && inUse ? turn.anyPage() : turn.dice().below(2) == 0 ? Area.FREE.first() - 1 : turn.lastRamPage();
    long base = own != null && readonly ? own.address() & -MachineMemory.PAGE_SIZE : page << MachineMemory.PAGE_SHIFT;
    long address = base + turn.dice().of(0, 4096 - 24, 4096 - 80, 4096 - 8, 4096 - 2, 8);
    Call call = turn.call(operation).at(address);
    int elements = BATCHES.contains(operation) ? 1 + turn.dice().below(4) : 1;
    for (int i = 0; i < elements * operation.in().size(); i++) {
      call.with(0);
    }
    call.play();
  }
}
