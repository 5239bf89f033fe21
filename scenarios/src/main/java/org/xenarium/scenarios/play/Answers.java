package org.xenarium.scenarios.play;

import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.evtchn.EventChannels;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.gnttab.driver.GrantDriver;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.Maptrack;
import org.xenarium.gnttab.table.Pins;
import org.xenarium.gnttab.table.SharedEntries;
import org.xenarium.scenarios.script.StateFunction;

/** Answers what conditions ask about the state of a machine. Looks only. */
final class Answers {
  private static final int GONE = 3;

  private Answers() {}

  /**
   * The answer about a domain. One that has disappeared has nothing: no frames, no pages, no grants.
   *
   * @param arguments as the function wants them
   */
  static long answer(StateFunction function, Machine machine, int domid, long[] arguments) {
    Domain domain = machine.world().domain(domid);
    if (domain == null) {
      return function == StateFunction.LIFE ? GONE : function == StateFunction.PAGE ? Mfn.NONE : 0;
    }
    long first = arguments.length > 0 ? arguments[0] : 0;
    return switch (function) {
      case FLAGS, DOMID, FRAME, PINS, WRITE_PINS -> entry(function, domain, (int) first);
      case PAGE -> frame(domain, first);
      case TYPE -> type(domain, first);
      case PAGES -> domain.totPages();
      case HANDLES -> handles(GrantTable.of(domain).maptrack());
      case GRANT_FRAMES -> GrantTable.of(domain).frameCount();
      case GRANT_VERSION -> GrantTable.of(domain).version();
      case LIFE -> domain.life().ordinal();
      case M8 -> memory(domain, first, 1);
      case M16 -> memory(domain, first, 2);
      case M32 -> memory(domain, first, 4);
      case M64 -> memory(domain, first, 8);
      case FREE_REFS -> GrantDriver.of(domain).freeCount();
      case USED -> GrantDriver.of(domain).isUsed((int) first) ? 1 : 0;
      case PENDING -> EventChannels.of(domain).isPending((int) first) ? 1 : 0;
      case IRQ_LOCKS -> domain.vcpu(0).interruptMasks();
    };
  }

  private static long entry(StateFunction function, Domain domain, int ref) {
    GrantTable table = GrantTable.of(domain);
    if (!table.contains(ref)) {
      return 0;
    }
    int pin = table.active().pin(ref);
    return switch (function) {
      case FLAGS -> SharedEntries.header(domain, table, ref) & 0xffff | SharedEntries.status(domain, table, ref) & 0x18;
      case DOMID -> SharedEntries.header(domain, table, ref) >>> 16;
      case FRAME -> SharedEntries.frame(domain, table, ref);
      case PINS -> Pins.hostReads(pin) + Pins.hostWrites(pin);
      default -> Pins.hostWrites(pin);
    };
  }

  private static long frame(Domain domain, long gfn) {
    long entry = domain.physmap().entry(gfn);
    return entry == Physmap.HOLE ? Mfn.NONE : Physmap.mfn(entry);
  }

  private static long type(Domain domain, long gfn) {
    long entry = domain.physmap().entry(gfn);
    return entry == Physmap.HOLE ? EntryType.HOLE.code() : Physmap.type(entry).code();
  }

  private static long handles(Maptrack maptrack) {
    long live = 0;
    for (int handle = 0; handle < maptrack.limit(); handle++) {
      live += maptrack.isLive(handle) ? 1 : 0;
    }
    return live;
  }

  /** Little-endian bytes, whoever owns them; bytes behind a hole are 0. */
  static long memory(Domain domain, long address, int size) {
    MachineMemory memory = domain.world().memory();
    long value = 0;
    for (int i = 0; i < size; i++) {
      long mfn = frame(domain, (address + i) >>> MachineMemory.PAGE_SHIFT);
      long offset = (address + i) & (MachineMemory.PAGE_SIZE - 1);
      long octet = mfn == Mfn.NONE || !memory.isValid(mfn) ? 0 : memory.content().getByte(memory.address(mfn) + offset) & 0xff;
      value |= octet << (8 * i);
    }
    return value;
  }
}
