package org.xenarium.scenarios.replay;

import static org.xenarium.scenarios.recording.CoreDomainState.Life.ALIVE;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToLongFunction;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.Maptrack;
import org.xenarium.gnttab.table.SharedEntries;
import org.xenarium.scenarios.recording.CoreStateField;

/** Compares the whole hidden state of a domain with what the recording says it must be. */
final class CoreState {
  private final Machine machine;
  private final CoreFrames frames;
  private final CoreGuest guest;
  private final byte[] page = new byte[MachineMemory.PAGE_SIZE];

  CoreState(Machine machine, CoreFrames frames, CoreGuest guest) {
    this.machine = machine;
    this.frames = frames;
    this.guest = guest;
  }

  /** The first field that differs, or null. */
  @Nullable Mismatch compare(CoreExpectation expected) {
    int id = expected.declared.id();
    Domain domain = machine.world().domain(id);
    if (expected.gone || domain == null) {
      boolean gone = domain == null;
      return gone == expected.gone ? null : mismatch(id, "gone", expected.gone ? "1" : "0", gone ? "1" : "0");
    }
    if (!domain.life().name().equals(expected.life.name())) {
      return mismatch(id, "life", lower(expected.life), lower(domain.life()));
    }
    Mismatch found = compareNumbers(expected, domain);
    if (found == null) {
      found = compareFree(expected, domain);
    }
    if (found == null) {
      found = compareEntries(expected, domain);
    }
    return found == null ? comparePhysmap(expected, domain) : found;
  }

  private @Nullable Mismatch compareNumbers(CoreExpectation expected, Domain domain) {
    for (CoreStateField field : CoreExpectation.NUMBERS) {
      if (!expected.knows(field) || expected.life != ALIVE && (field == CoreStateField.ML || field == CoreStateField.RAM)) {
        continue;
      }
      long actual = number(field, expected, domain);
      if (actual != expected.number(field)) {
        return mismatch(domain.id(), field.recordedName(), Long.toString(expected.number(field)), Long.toString(actual));
      }
    }
    return null;
  }

  private long number(CoreStateField field, CoreExpectation expected, Domain domain) {
    GrantTable table = GrantTable.of(domain);
    return switch (field) {
      case VER -> table.version();
      case NF -> table.frameCount();
      case ML -> table.maptrack().limit();
      case MU -> live(table.maptrack());
      case RAM -> checksum(expected.declared.pages());
      case TAB -> checksum(table.frameCount(), table::frame);
      case SF -> table.statusFrameCount();
      case STAB -> checksum(table.statusFrameCount(), table::statusFrame);
      // Operations that only version 2 knows are never in flight between two lines.
      default -> 0;
    };
  }

  private static long live(Maptrack maptrack) {
    long live = 0;
    for (int handle = 0; handle < maptrack.limit(); handle++) {
      if (maptrack.flags(handle) != 0) {
        live++;
      }
    }
    return live;
  }

  private long checksum(List<Long> pages) {
    CRC32 crc = new CRC32();
    pages.forEach(mfn -> add(crc, mfn));
    return crc.getValue();
  }

  private long checksum(int count, IntToLongFunction frame) {
    CRC32 crc = new CRC32();
    for (int i = 0; i < count; i++) {
      add(crc, frame.applyAsLong(i));
    }
    return crc.getValue();
  }

  private void add(CRC32 crc, long mfn) {
    MachineMemory memory = machine.world().memory();
    memory.content().read(memory.address(mfn), page, 0, page.length);
    crc.update(page, 0, page.length);
  }

  private static @Nullable Mismatch compareFree(CoreExpectation expected, Domain domain) {
    if (expected.life != ALIVE) {
      return null;
    }
    Maptrack maptrack = GrantTable.of(domain).maptrack();
    for (int vcpu = 0; vcpu < expected.free.size(); vcpu++) {
      long head = expected.free.get(vcpu)[0];
      long tail = expected.free.get(vcpu)[1];
      boolean same = vcpu < domain.vcpuCount() && (int) head == maptrack.head(vcpu) && (int) tail == maptrack.tail(vcpu);
      if (!same) {
        String actual = vcpu < domain.vcpuCount() ? "[" + maptrack.head(vcpu) + "," + maptrack.tail(vcpu) + "]" : "no such vCPU";
        return mismatch(domain.id(), "free[" + vcpu + "]", "[" + head + "," + tail + "]", actual);
      }
    }
    return null;
  }

  private static @Nullable Mismatch compareEntries(CoreExpectation expected, Domain domain) {
    GrantTable table = GrantTable.of(domain);
    for (Map.Entry<Integer, long[]> entry : expected.entries.entrySet()) {
      int ref = entry.getKey();
      long[] values = entry.getValue();
      long[] actual = {table.active().pin(ref) & 0xffff_ffffL, flags(domain, table, ref), status(domain, table, ref)};
      for (int i = 0; i < values.length; i++) {
        if (values[i] != actual[i]) {
          return mismatch(domain.id(), "e[" + ref + "]." + ENTRY_FIELDS.get(i), "0x" + Long.toHexString(values[i]), "0x" + Long.toHexString(actual[i]));
        }
      }
    }
    for (long ref = table.active().nextPinned(0); ref >= 0; ref = table.active().nextPinned(ref + 1)) {
      if (!expected.entries.containsKey((int) ref)) {
        return mismatch(domain.id(), "e[" + ref + "].pin", "0x0", "0x" + Integer.toHexString(table.active().pin((int) ref)));
      }
    }
    return null;
  }

  private static final List<String> ENTRY_FIELDS = List.of("pin", "flags", "status");

  private static long status(Domain domain, GrantTable table, int ref) {
    return table.version() == 2 && table.contains(ref) ? SharedEntries.status(domain, table, ref) : 0;
  }

  private static long flags(Domain domain, GrantTable table, int ref) {
    return table.contains(ref) ? SharedEntries.header(domain, table, ref) & 0xffff : 0;
  }

  private @Nullable Mismatch comparePhysmap(CoreExpectation expected, Domain domain) {
    for (Map.Entry<Long, long[]> mapping : expected.p2m.entrySet()) {
      long entry = domain.physmap().entry(mapping.getKey());
      long[] values = mapping.getValue();
      if (entry == Physmap.HOLE
          || Physmap.type(entry).code() != values[1]
          || !frames.agree(Physmap.mfn(entry), values[0])) {
        return mismatch(domain.id(), "p2m[" + mapping.getKey() + "]", mapping(values[0], (int) values[1]), mapping(entry));
      }
    }
    for (long gfn = domain.physmap().next(0); gfn >= 0; gfn = domain.physmap().next(gfn + 1)) {
      if (!expected.p2m.containsKey(gfn) && !guest.isWindow(domain.id(), gfn)) {
        return mismatch(domain.id(), "p2m[" + gfn + "]", mapping(Physmap.HOLE), mapping(domain.physmap().entry(gfn)));
      }
    }
    return null;
  }

  private static String mapping(long entry) {
    return entry == Physmap.HOLE ? "a hole" : mapping(Physmap.mfn(entry), Physmap.type(entry).code());
  }

  private static String mapping(long mfn, int type) {
    return "mfn " + mfn + ", type " + type + " (" + lower(EntryType.of(type)) + ")";
  }

  private static Mismatch mismatch(int domid, String field, String expected, String actual) {
    return new Mismatch("st d" + domid + " " + field, expected, actual);
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
