package org.xenarium.scenarios.vocabulary;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.xenarium.emulator.evtchn.EventChannelOp;
import org.xenarium.emulator.hypercall.Multicall;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.emulator.schedop.SchedOp;
import org.xenarium.emulator.versionop.HvmOp;
import org.xenarium.emulator.versionop.VersionOp;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.scenarios.script.Operation;

/** Hypercalls that ask what there is, and such whose arguments lie in pages of the guest's as they are: alone and in multicalls. */
final class RegisterVerbs {
  private static final int UNKNOWN = 63;

  /** The command of xen_version that takes no page. */
  private static final int PAGESIZE = 7;

  /** Hypercalls and their commands that leave the machine as it is; they read and write the page that they are given. */
  private static final int[][] ASKING = {
    {VersionOp.HYPERCALL, 0}, {VersionOp.HYPERCALL, PAGESIZE}, {GnttabOp.HYPERCALL, GnttabOp.QUERY_SIZE}, {GnttabOp.HYPERCALL, GnttabOp.GET_VERSION},
    {MemoryAbi.HYPERCALL, MemoryAbi.CURRENT_RESERVATION}, {MemoryAbi.HYPERCALL, MemoryAbi.MAXIMUM_GPFN},
    {EventChannelOp.HYPERCALL, EventChannelOp.SEND}, {EventChannelOp.HYPERCALL, EventChannelOp.STATUS}, {SchedOp.HYPERCALL, SchedOp.YIELD},
    {HvmOp.HYPERCALL, HvmOp.GET_PARAM}, {Multicall.HYPERCALL, 0}, {UNKNOWN, 0}, {SchedOp.HYPERCALL, 99}, {EventChannelOp.HYPERCALL, 99},
    {VersionOp.HYPERCALL, 99}, {HvmOp.HYPERCALL, 99}, {MemoryAbi.HYPERCALL, 40}, {SchedOp.HYPERCALL, SchedOp.SHUTDOWN_CODE}
  };

  /** Hypercalls and their commands that do something. */
  private static final int[][] DOING = {
    {GnttabOp.HYPERCALL, 0}, {GnttabOp.HYPERCALL, 1}, {GnttabOp.HYPERCALL, 3}, {GnttabOp.HYPERCALL, 5}, {GnttabOp.HYPERCALL, 11},
    {GnttabOp.HYPERCALL, 12}, {GnttabOp.HYPERCALL, 13}, {GnttabOp.HYPERCALL, 0x1000}, {MemoryAbi.HYPERCALL, 0}, {MemoryAbi.HYPERCALL, 1},
    {MemoryAbi.HYPERCALL, 6}, {MemoryAbi.HYPERCALL, 11}, {MemoryAbi.HYPERCALL, 15}, {MemoryAbi.HYPERCALL, 0x40}, {MemoryAbi.HYPERCALL, 0x41},
    {MemoryAbi.HYPERCALL, 0x47}, {MemoryAbi.HYPERCALL, 0x4b}, {MemoryAbi.HYPERCALL, 0x4f}, {MemoryAbi.HYPERCALL, 0x43}, {MemoryAbi.HYPERCALL, 0x57},
    {MemoryAbi.HYPERCALL, 0x5c}, {MemoryAbi.HYPERCALL, 0x4000007}, {MemoryAbi.HYPERCALL, 0x4000017}, {EventChannelOp.HYPERCALL, 3},
    {EventChannelOp.HYPERCALL, 12}, {EventChannelOp.HYPERCALL, 13}, {EventChannelOp.HYPERCALL, 14}, {SchedOp.HYPERCALL, 3}
  };

  private RegisterVerbs() {}

  /** Verbs with their weights. */
  static List<Vocabulary.Weighted> all() {
    Predicate<Manner> raw = manner -> manner != Manner.DRIVER;
    return List.of(
        verb("xen_version", 1, raw, turn -> turn.call(Operation.XEN_VERSION).play()),
        verb("get_features", 1, raw, RegisterVerbs::features),
        verb("hvm_get_param", 1, raw, turn -> turn.call(Operation.HVM_GET_PARAM).with(turn.target()).with(turn.dice().of(0, 1, 2, 17, 18, 28, 99)).play()),
        verb("sched_yield", 1, raw, turn -> turn.call(Operation.SCHED_YIELD).play()),
        verb("sched_shutdown_code", 1, raw, turn -> turn.call(Operation.SCHED_SHUTDOWN_CODE).with(turn.dice().below(5)).play()),
        verb("sched_remote_shutdown", 1, raw, turn -> turn.call(Operation.SCHED_REMOTE_SHUTDOWN).with(turn.subject()).with(turn.dice().below(5)).play()),
        verb("ask", 2, raw, turn -> one(turn, ASKING)),
        verb("multicall", 3, raw, RegisterVerbs::multicall),
        verb("nonsense", 2, Manner.WILD::equals, turn -> one(turn, DOING)));
  }

  private static Vocabulary.Weighted verb(String name, int weight, Predicate<Manner> suits, Consumer<Turn> play) {
    return new Vocabulary.Weighted(Verb.of(name, suits, play), weight);
  }

  private static void features(Turn turn) {
    if (turn.isArm()) {
      turn.call(Operation.GET_FEATURES).with(turn.dice().below(2)).play();
    }
  }

  private static void one(Turn turn, int[][] calls) {
    inputs(turn, turn.call(Operation.HYP), calls).play();
  }

  private static void multicall(Turn turn) {
    Call call = turn.call(Operation.MULTICALL).asBatch();
    int count = 1 + turn.dice().below(4);
    for (int i = 0; i < count; i++) {
      boolean doing = turn.isWild() && turn.dice().below(3) == 2;
      inputs(turn, call, doing ? DOING : ASKING).with(0);
    }
    call.play();
  }

  /** Number and arguments 0 to 4. */
  private static Call inputs(Turn turn, Call call, int[][] calls) {
    int[] which = calls[turn.dice().below(calls.length)];
    long page = turn.dice().oneIn(8) ? Turn.NOWHERE : (turn.isWild() ? turn.anyPage() : turn.ramPage()) << MachineMemory.PAGE_SHIFT;
    return call.with(which[0]).with(which[1]).with(page + turn.dice().of(0, 0, 8, 4092)).with(turn.dice().of(1, 0, 2, -1)).with(0).with(0);
  }
}
