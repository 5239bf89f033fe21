package org.xenarium.gnttab.kit.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.GrantFlags;
import org.xenarium.gnttab.abi.MapFlags;
import org.xenarium.gnttab.abi.MapLayout;
import org.xenarium.gnttab.kit.Answer;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.Guest;
import org.xenarium.gnttab.kit.Reply;
import org.xenarium.gnttab.kit.Struct;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.Pins;
import org.xenarium.gnttab.table.SharedEntries;

/** What must hold between the beginning and the end of one call that nobody interrupts: the transition invariants of spec §11. */
final class CallCheck {
  private static final Set<Integer> MAP = Set.of(0, -1, -2, -3, -8, -9, -13);
  private static final Set<Integer> UNMAP = Set.of(0, -1, -4);
  private static final Set<Integer> COPY = Set.of(0, -1, -2, -3, -8, -9, -10);
  private static final Set<Integer> SETUP = Set.of(0, -1, -2, -5, -8);
  private static final Set<Integer> QUERY = Set.of(0, -2, -8);
  private static final Set<Integer> STATUS_FRAMES = Set.of(0, -1, -2, -8);
  private static final Set<Integer> SWAP = Set.of(0, -3, -12);

  private final Bench bench;
  private final Guest guest;
  private final long physmap;
  private final String pins;
  private final long highest;
  private final int frames;
  private final int handles;
  private final List<Before> before = new ArrayList<>();

  /** What an element of a map found: the flags and domid of the entry that it names, and its pins. */
  private record Before(boolean exists, int header, int pin, int pinnedBy) {
    @Override
    public String toString() {
      String entry = String.format("flags 0x%04x, domid %d, pins 0x%08x of domain %d", header & 0xffff, header >>> 16, pin, pinnedBy);
      return exists ? entry : "nothing";
    }
  }

  /** Looks at the state before the call of these structs. */
  CallCheck(Bench bench, Guest guest, Struct[] structs) {
    this.bench = bench;
    this.guest = guest;
    physmap = physmap(guest.domain());
    pins = bench.pins();
    highest = guest.domain().physmap().maxMapped();
    frames = bench.table(guest.id()).frameCount();
    handles = bench.table(guest.id()).maptrack().limit();
    for (Struct struct : structs) {
      before.add(struct.op() == GnttabOp.MAP_GRANT_REF ? before(struct) : new Before(false, 0, 0, 0));
    }
  }

  private Before before(Struct map) {
    Domain granter = bench.machine().world().domain(map.intAt(MapLayout.DOM) & 0xffff);
    int ref = map.intAt(MapLayout.REF);
    if (granter == null || !GrantTable.of(granter).contains(ref)) {
      return new Before(false, 0, 0, 0);
    }
    GrantTable table = GrantTable.of(granter);
    return new Before(true, SharedEntries.header(granter, table, ref), table.active().pin(ref), table.active().domid(ref));
  }

  void after(Run.Pending pending, Reply reply) {
    if (reply.rc() > 0) {
      throw new AssertionError("I58 is violated: the call returned " + reply.rc());
    }
    for (int i = 0; i < reply.answers().size(); i++) {
      Answer answer = reply.get(i);
      Set<Integer> possible = possible(answer.sent().op());
      if (reply.rc() == 0 && possible != null && !possible.contains(answer.status())) {
        throw new AssertionError("I60 is violated: operation " + answer.sent().op() + " gave status " + answer.status());
      }
      if (answer.sent().op() == GnttabOp.MAP_GRANT_REF && reply.rc() == 0 && answer.status() == 0) {
        mapped(answer);
        permitted(answer.sent(), before.get(i));
      }
    }
    boolean grows =
        guest.domain().physmap().maxMapped() >= highest
            && bench.table(guest.id()).frameCount() >= frames
            && bench.table(guest.id()).maptrack().limit() >= handles;
    if (!grows) {
      throw new AssertionError("I23, I37 or I53 is violated: something of domain " + guest.id() + " has become smaller");
    }
    boolean nothingHappened = reply.answers().stream().noneMatch(CallCheck::hadEffect);
    if (nothingHappened) {
      demandSamePins("I9, I62");
      demandSamePhysmap("I36, I62");
    }
    if (!(pending.call().batch() instanceof Move.Maps) && !(pending.call().batch() instanceof Move.Unmaps)) {
      demandSamePins("I9");
      demandSamePhysmap("I39");
    }
  }

  private void mapped(Answer answer) {
    boolean plausible =
        (answer.dev() & 0xfff) == 0
            && Integer.compareUnsigned(answer.handle(), bench.table(guest.id()).maptrack().limit()) < 0
            && bench.machine().world().memory().isValid(answer.dev() >>> 12);
    if (!plausible) {
      throw new AssertionError(
          "I61 is violated: a map gave handle " + answer.handle() + " and machine address 0x" + Long.toHexString(answer.dev()));
    }
  }

  /** The call itself changes none of the bits that count here, so that the entry before the call is what every element found. */
  private void permitted(Struct map, Before entry) {
    boolean writes = (map.intAt(MapLayout.FLAGS) & MapFlags.READONLY) == 0;
    boolean open = (entry.header() & 0x0103) == GrantFlags.PERMIT_ACCESS && entry.header() >>> 16 == guest.id();
    if (!entry.exists() || (entry.pin() == 0 ? !open : entry.pinnedBy() != guest.id())) {
      throw new AssertionError("I17 is violated: domain " + guest.id() + " has mapped an entry with " + entry);
    }
    if (writes && !Pins.isWritePinned(entry.pin()) && (entry.header() & GrantFlags.READONLY) != 0) {
      throw new AssertionError("I18 is violated: domain " + guest.id() + " has mapped writable an entry with " + entry);
    }
  }

  private static boolean hadEffect(Answer answer) {
    Struct sent = answer.sent();
    boolean unmap = sent.op() == GnttabOp.UNMAP_GRANT_REF || sent.op() == GnttabOp.UNMAP_AND_REPLACE;
    return (sent.op() == GnttabOp.MAP_GRANT_REF || unmap && sent.longAt(0) != 0) && answer.status() == 0;
  }

  private void demandSamePins(String number) {
    String now = bench.pins();
    if (!now.equals(pins)) {
      throw new AssertionError(number + " is violated: pins were " + pins + " and are " + now);
    }
  }

  private void demandSamePhysmap(String number) {
    if (physmap(guest.domain()) != physmap) {
      throw new AssertionError(number + " is violated: the physmap of domain " + guest.id() + " has changed");
    }
  }

  private static long physmap(Domain domain) {
    Digest digest = new Digest();
    domain.physmap().digest(digest);
    return digest.value();
  }

  private static @Nullable Set<Integer> possible(int operation) {
    return switch (operation) {
      case GnttabOp.MAP_GRANT_REF -> MAP;
      case GnttabOp.UNMAP_GRANT_REF, GnttabOp.UNMAP_AND_REPLACE -> UNMAP;
      case GnttabOp.COPY -> COPY;
      case GnttabOp.SETUP_TABLE -> SETUP;
      case GnttabOp.QUERY_SIZE -> QUERY;
      case GnttabOp.GET_STATUS_FRAMES -> STATUS_FRAMES;
      case GnttabOp.SWAP_GRANT_REF -> SWAP;
      default -> null;
    };
  }
}
