package org.xenarium.scenarios.vocabulary;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.scenarios.script.Area;
import org.xenarium.scenarios.script.Operation;

/** Event channels, and interrupts, which preempt hypercalls. */
final class EventVerbs {
  /** A handler of upcalls counts there. */
  private static final long COUNTS = (Area.LISTS.first() + 1) << MachineMemory.PAGE_SHIFT;

  private EventVerbs() {}

  /** Verbs with their weights. */
  static List<Vocabulary.Weighted> all() {
    Predicate<Manner> raw = manner -> manner != Manner.DRIVER;
    return List.of(
        verb("evtchn_alloc_unbound", 3, any -> true, turn -> turn.call(Operation.EVTCHN_ALLOC_UNBOUND).with(turn.subject()).with(turn.other()).play()),
        verb("evtchn_bind_interdomain", 4, any -> true, EventVerbs::bind),
        verb("evtchn_send", 5, any -> true, turn -> turn.call(Operation.EVTCHN_SEND).with(turn.port()).play()),
        verb("evtchn_close", 1, any -> true, turn -> turn.call(Operation.EVTCHN_CLOSE).with(turn.port()).play()),
        verb("evtchn_unmask", 1, any -> true, turn -> turn.call(Operation.EVTCHN_UNMASK).with(turn.port()).play()),
        verb("evtchn_status", 1, any -> true, turn -> turn.call(Operation.EVTCHN_STATUS).with(turn.target()).with(turn.port()).play()),
        verb("evtchn_bind_virq", 1, any -> true, turn -> turn.call(Operation.EVTCHN_BIND_VIRQ).with(turn.dice().of(0, 1, 2, 24, 99))
            .with(turn.dice().of(0, 0, 1, 7)).play()),
        verb("evtchn_bind_ipi", 1, any -> true, turn -> turn.call(Operation.EVTCHN_BIND_IPI).with(turn.dice().of(0, 0, 1, 7)).play()),
        verb("evtchn_bind_vcpu", 1, any -> true, turn -> turn.call(Operation.EVTCHN_BIND_VCPU).with(turn.port()).with(turn.dice().of(0, 1, 7)).play()),
        verb("evtchn_reset", 1, raw, turn -> turn.call(Operation.EVTCHN_RESET).with(turn.subject()).play()),
        verb("handle_upcalls", 3, raw, EventVerbs::handle),
        verb("interrupts", 1, raw, turn -> turn.call(Operation.INTERRUPTS).with(1 - turn.dice().below(2)).play()),
        verb("irq_lock", 1, raw, turn -> turn.call(Operation.IRQ_LOCK).play()),
        verb("irq_unlock", 2, raw, turn -> turn.call(Operation.IRQ_UNLOCK).play()),
        verb("sched_poll", 1, raw, EventVerbs::poll));
  }

  private static Vocabulary.Weighted verb(String name, int weight, Predicate<Manner> suits, Consumer<Turn> play) {
    return new Vocabulary.Weighted(Verb.of(name, suits, play), weight);
  }

  /** To a port that the other domain was given, or to any. */
  private static void bind(Turn turn) {
    int remote = turn.other();
    Knowledge.Given theirs = Knowledge.nth(turn.knowledge().of(remote).ports(), turn.dice().below(16), any -> true);
    turn.call(Operation.EVTCHN_BIND_INTERDOMAIN).with(remote)
        .with(theirs == null ? Known.number(turn.dice().of(1, 2, 0, 5000)) : theirs.what()).play();
  }

  /** First the page is mapped that tells of events; then there is a handler for them. */
  private static void handle(Turn turn) {
    if (turn.domain().physmap().entry(Places.SHARED_INFO) == Physmap.HOLE) {
      Places.add(turn, DomId.SELF, Places.Kind.SHARED_INFO, 0);
    } else {
      turn.call(Operation.HANDLE_UPCALLS).with(Places.SHARED_INFO << MachineMemory.PAGE_SHIFT).with(COUNTS).play();
    }
  }

  /** Not for long: a time that is over at once. */
  private static void poll(Turn turn) {
    Call call = turn.call(Operation.SCHED_POLL);
    Known port = turn.port();
    int count = turn.dice().of(1, 1, 1, 0, 200);
    boolean misplaced = turn.dice().oneIn(8);
    (misplaced ? call.with((Area.FREE.first() - 1) << MachineMemory.PAGE_SHIFT) : call.withList(port.value())).with(count).with(1).play();
  }
}
