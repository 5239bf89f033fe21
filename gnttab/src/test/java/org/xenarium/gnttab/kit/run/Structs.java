package org.xenarium.gnttab.kit.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.End;
import org.xenarium.gnttab.kit.Guest;
import org.xenarium.gnttab.kit.Struct;

/** Makes the argument structs of a call out of a move, as the guest's manners and memory have it. */
final class Structs {
  private static final int MADE_UP = 0x1234;
  private static final long TOO_HIGH = Bench.REACH << 12;

  private final Bench bench;
  private final Guest guest;
  private final boolean good;
  private final Memories memories;
  private final List<Memories.Mapped> leaving = new ArrayList<>();

  /** No guest frame from the first hole up to here is free. */
  private long nextHole = Bench.HOLE;

  Structs(Bench bench, Guest guest, boolean good, Memories memories) {
    this.bench = bench;
    this.guest = guest;
    this.good = good;
    this.memories = memories;
  }

  /** The structs of a batch; none where the call has no array of its own. */
  Struct[] of(Move.Batch batch) {
    Struct[] structs = make(batch);
    if (good) {
      leaving.forEach(memories::leaves);
    }
    return structs;
  }

  private Struct[] make(Move.Batch batch) {
    return switch (batch) {
      case Move.Maps maps -> array(Collections.nCopies(maps.times(), maps.elements()).stream().flatMap(List::stream).toList(), this::map);
      case Move.Unmaps unmaps -> array(unmaps.elements(), element -> unmap(element, unmaps.replace()));
      case Move.Copies copies -> array(copies.elements(), this::copy);
      case Move.Swaps swaps -> array(swaps.elements(), element -> Struct.swap(element.a(), element.b()));
      case Move.Flush flush -> one(Struct.flush(machineAddress(flush), flush.offset(), flush.length(), flush.operation()));
      case Move.Setup setup -> one(Struct.setupTable(setup.dom(), setup.frames(), list(setup)));
      case Move.Query query -> one(Struct.querySize(query.dom()));
      case Move.Version version -> one(version.wanted() == 4 ? Struct.getVersion(version.dom()) : Struct.setVersion(version.wanted()));
      case Move.StatusFrames frames -> one(Struct.statusFrames(frames.dom(), frames.frames(), guest.arguments() + 0x2000));
      case Move.Nonsense _ -> new Struct[0];
    };
  }

  private static Struct[] one(Struct struct) {
    return new Struct[] {struct};
  }

  private static <T> Struct[] array(List<T> elements, Function<T, Struct> maker) {
    return elements.stream().map(maker).toArray(Struct[]::new);
  }

  private Struct map(Move.MapElement element) {
    long address = Places.gfn(element.place()) << 12 | element.place();
    if (good && !Places.isTooHigh(element.place())) {
      address = freeHole() << 12 | element.place();
    }
    return Struct.map(element.dom(), element.ref(), element.flags(), address);
  }

  private long freeHole() {
    long gfn = nextHole;
    while (bench.mfn(guest.id(), gfn) >= 0 || memories.uses(guest.id(), gfn)) {
      gfn++;
    }
    memories.arrives(guest.id(), gfn);
    nextHole = gfn + 1;
    return gfn;
  }

  /**
   * What can be wrong: 1 host address 0, 2 a made-up handle, 3 to 5 another address. Good guests only take addresses that are refused, and
   * unmap nothing twice: the handle could stand for something else by then.
   */
  private Struct unmap(Move.UnmapElement element, boolean replace) {
    Memories.Mapped mapping = memories.nth(guest.id(), element.nth());
    boolean spared = good && (mapping.isMadeUp() || leaving.contains(mapping));
    leaving.add(mapping);
    int handle = element.wrong() == 2 || spared ? MADE_UP : mapping.handle();
    long address =
        switch (element.wrong()) {
          case 1 -> 0;
          case 3 -> good ? TOO_HIGH : Places.gfn(Places.hole(element.nth())) << 12;
          case 4 -> good ? TOO_HIGH : Places.gfn(Places.page(element.nth())) << 12;
          case 5 -> TOO_HIGH;
          default -> mapping.address();
        };
    return replace ? Struct.replace(address, element.nth() % 2, handle) : Struct.unmap(address, handle);
  }

  private Struct copy(Move.CopyElement element) {
    return Struct.copy(end(element.source()), end(element.dest()), element.length());
  }

  private End end(Move.CopyEnd end) {
    long frame = Places.gfn(good ? Places.page(end.page()) : end.page());
    End named = end.byRef() ? End.grant(end.dom(), end.ref()) : End.frameOf(end.dom(), frame);
    return named.at(end.offset());
  }

  private long machineAddress(Move.Flush flush) {
    Domain domain = bench.machine().world().domain(flush.dom() == DomId.SELF ? guest.id() : flush.dom());
    return domain == null || flush.page() >= Places.COUNT - 1 ? 0 : bench.dev(domain.id(), Places.gfn(flush.page()));
  }

  private long list(Move.Setup setup) {
    return setup.listInHole() ? TOO_HIGH - 0x1000 : guest.arguments() + 0x2000;
  }
}
