package org.xenarium.scenarios.vocabulary;

import java.util.List;
import java.util.function.Consumer;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.gnttab.abi.MapFlags;
import org.xenarium.gnttab.driver.DriverDifference;
import org.xenarium.scenarios.script.Area;
import org.xenarium.scenarios.script.Operation;

/** Calls of the guest's grant driver. */
final class DriverVerbs {
  private static final int MADE_UP_HANDLE = 0x1234;

  private DriverVerbs() {}

  /** Verbs with their weights. */
  static List<Vocabulary.Weighted> all() {
    return List.of(
        new Vocabulary.Weighted(Verb.of("init", any -> true, DriverVerbs::init), 8),
        verb("grant_access", 20, DriverVerbs::grantAccess),
        verb("end_access", 16, DriverVerbs::endAccess),
        verb("map_refs", 20, DriverVerbs::mapRefs),
        verb("unmap_refs", 16, DriverVerbs::unmapRefs),
        verb("alloc_and_grant", 4, turn -> turn.call(Operation.ALLOC_AND_GRANT).with(turn.dice().below(2)).play()),
        verb("get_pages", 10, DriverVerbs::getPages),
        verb("put_pages", 6, DriverVerbs::putPages),
        verb("gnttab_query_size", 1, DriverVerbs::querySize),
        verb("k_malloc", 3, turn -> turn.call(Operation.K_MALLOC).with(MachineMemory.PAGE_SIZE * (1L + turn.dice().below(2))).play()),
        verb("k_free", 3, DriverVerbs::free));
  }

  private static Vocabulary.Weighted verb(String name, int weight, Consumer<Turn> play) {
    return new Vocabulary.Weighted(Verb.of(name, Manner.DRIVER::equals, turn -> {
      if (turn.isDriverReady()) {
        play.accept(turn);
      }
    }), weight);
  }

  /** A kernel initialises its driver once; wild ones do it again. */
  private static void init(Turn turn) {
    boolean again = turn.dice().oneIn(8) && turn.isWild();
    if (again || !turn.isDriverReady() && !turn.isUnderWay(Operation.INIT)) {
      turn.call(Operation.INIT).play();
    }
  }

  private static void grantAccess(Turn turn) {
    turn.call(Operation.GRANT_ACCESS).with(turn.other()).with(turn.ramPage()).with(turn.dice().below(2)).play();
  }

  /** Grants of its own, now and then another reference, which is refused. */
  private static void endAccess(Turn turn) {
    Knowledge.Grant grant = turn.grant(any -> any.byDriver() && !turn.isInUse(Operation.END_ACCESS, 0, any.ref().value()));
    boolean odd = turn.dice().oneIn(16);
    if (odd) {
      turn.call(Operation.END_ACCESS).with(notOwned(turn)).play();
    } else if (grant != null) {
      turn.call(Operation.END_ACCESS).with(grant.ref()).play();
    }
  }

  /** A reference that nobody was given. While one is being given or taken back, a guest that guesses it would spoil its own driver's work. */
  private static int notOwned(Turn turn) {
    boolean settled = !turn.isUnderWay(Operation.GRANT_ACCESS) && !turn.isUnderWay(Operation.ALLOC_AND_GRANT) && !turn.isUnderWay(Operation.END_ACCESS);
    return settled ? turn.dice().of(0, 7, 8, 511, 512, 5000, -1) : turn.dice().of(0, 7, 5000, -1);
  }

  /** Now and then an address outside of the regions, which is refused; a driver that does not look would map over anything. */
  private static void mapRefs(Turn turn) {
    Call call = turn.call(Operation.MAP_REFS).asBatch();
    int count = 1 + turn.dice().below(3);
    long last = -1;
    for (int i = 0; i < count; i++) {
      int granter = turn.other();
      Known ref = turn.foreignRef(granter);
      int flags = MapFlags.HOST_MAP + (turn.dice().below(2) == 1 ? MapFlags.READONLY : 0);
      boolean odd = turn.dice().oneIn(24) && turn.refusesOtherAddresses();
      long address = odd ? turn.anyPage() << MachineMemory.PAGE_SHIFT : pageToMapAt(turn, last);
      if (address < 0) {
        break;
      }
      last = Math.max(last, address);
      call.with(granter).with(ref).with(flags).with(address);
    }
    call.playIfAny();
  }

  /** A page that the driver gave for this and at which nothing is mapped, behind {@code last}; -1 if there is none. */
  private static long pageToMapAt(Turn turn, long last) {
    for (Knowledge.Given given : turn.known().pages()) {
      for (long page = 0; page < given.size(); page++) {
        long address = given.what().value() + (page << MachineMemory.PAGE_SHIFT);
        boolean used = turn.known().isMapped(address, address + 1);
        if (address > last && !used && !turn.isInUse(Operation.MAP_REFS, 3, address)) {
          return address;
        }
      }
    }
    return -1;
  }

  private static void unmapRefs(Turn turn) {
    Call call = turn.call(Operation.UNMAP_REFS).asBatch();
    int count = 1 + turn.dice().below(3);
    long last = 0;
    for (int i = 0; i < count; i++) {
      long before = last;
      Knowledge.Mapping mapping = turn.mapping(any -> any.address() > before && !turn.isInUse(Operation.UNMAP_REFS, 0, any.address()));
      if (mapping == null) {
        break;
      }
      last = mapping.address();
      boolean odd = turn.dice().oneIn(24);
      call.with(mapping.address()).with(0).with(odd ? Known.number(MADE_UP_HANDLE) : mapping.handle());
    }
    call.playIfAny();
  }

  private static void getPages(Turn turn) {
    if (turn.has(DriverDifference.SINGLE_PAGES)) {
      turn.call(Operation.GET_PAGES).with(1).play();
    } else if (!turn.has(DriverDifference.NO_PAGES)) {
      turn.call(Operation.GET_PAGES).with(turn.dice().oneIn(16) ? turn.dice().of(0, 100) : 1 + turn.dice().below(3)).play();
    }
  }

  /** Pages at which nothing is mapped, as they were given; now and then others. */
  private static void putPages(Turn turn) {
    Knowledge.Given given = turn.given(turn.known().pages());
    if (turn.has(DriverDifference.NO_PAGES)) {
      return;
    }
    if (turn.dice().oneIn(24)) {
      turn.call(Operation.PUT_PAGES).with(Area.RAM.first() << MachineMemory.PAGE_SHIFT).with(1).play();
    } else if (given != null && isUnused(turn, given)) {
      turn.call(Operation.PUT_PAGES).with(given.what()).with(given.size()).play();
    }
  }

  private static boolean isUnused(Turn turn, Knowledge.Given given) {
    long from = given.what().value();
    long to = from + (given.size() << MachineMemory.PAGE_SHIFT);
    for (long address = from; address < to; address += MachineMemory.PAGE_SIZE) {
      if (turn.isInUse(Operation.MAP_REFS, 3, address)) {
        return false;
      }
    }
    return !turn.known().isMapped(from, to) && !turn.isInUse(Operation.PUT_PAGES, 0, from);
  }

  private static void querySize(Turn turn) {
    if (!turn.has(DriverDifference.NO_QUERY_SIZE)) {
      turn.call(Operation.GNTTAB_QUERY_SIZE).with(turn.target()).play();
    }
  }

  /** Blocks of which no grant is open. */
  private static void free(Turn turn) {
    Knowledge.Given block = turn.given(turn.known().blocks());
    if (block == null || turn.isInUse(Operation.K_FREE, 0, block.what().value())) {
      return;
    }
    long from = block.what().value() >>> MachineMemory.PAGE_SHIFT;
    long to = from + (block.size() >>> MachineMemory.PAGE_SHIFT);
    if (!turn.known().isGranted(from, to)) {
      turn.call(Operation.K_FREE).with(block.what()).play();
    }
  }
}
