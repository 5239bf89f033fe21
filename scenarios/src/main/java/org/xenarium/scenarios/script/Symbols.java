package org.xenarium.scenarios.script;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.fault.FaultPoint;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.trace.Errno;
import org.xenarium.gnttab.abi.CacheFlags;
import org.xenarium.gnttab.abi.CopyFlags;
import org.xenarium.gnttab.abi.GntStatus;
import org.xenarium.gnttab.abi.GrantFlags;
import org.xenarium.gnttab.abi.MapFlags;
import org.xenarium.gnttab.driver.GnttabOpError;

/** Names that stand for numbers of the ABI, as scenarios spell them: Xen's, in small letters, without their prefix. */
final class Symbols {
  /** What 16 bits hold that nobody wrote. */
  static final int UNTOUCHED = 0x5a5a;

  /** A set of names of one kind. */
  enum Group {
    NONE(ImmutableMap.of()),
    DOMAINS(ImmutableMap.of("SELF", (long) DomId.SELF)),
    GRANT_FLAGS(
        ImmutableMap.<String, Long>builder()
            .put("invalid", (long) GrantFlags.INVALID)
            .put("permit_access", (long) GrantFlags.PERMIT_ACCESS)
            .put("accept_transfer", (long) GrantFlags.ACCEPT_TRANSFER)
            .put("transitive", (long) GrantFlags.TRANSITIVE)
            .put("readonly", (long) GrantFlags.READONLY)
            .put("reading", (long) GrantFlags.READING)
            .put("writing", (long) GrantFlags.WRITING)
            .put("sub_page", (long) GrantFlags.SUB_PAGE)
            .buildOrThrow()),
    MAP_FLAGS(
        ImmutableMap.<String, Long>builder()
            .put("device_map", (long) MapFlags.DEVICE_MAP)
            .put("host_map", (long) MapFlags.HOST_MAP)
            .put("readonly", (long) MapFlags.READONLY)
            .put("application_map", (long) MapFlags.APPLICATION_MAP)
            .put("contains_pte", (long) MapFlags.CONTAINS_PTE)
            .buildOrThrow()),
    COPY_FLAGS(ImmutableMap.of("source_gref", (long) CopyFlags.SOURCE_GREF, "dest_gref", (long) CopyFlags.DEST_GREF)),
    CACHE_FLAGS(
        ImmutableMap.of(
            "clean", (long) CacheFlags.CLEAN, "inval", (long) CacheFlags.INVAL, "source_gref", CacheFlags.SOURCE_GREF & 0xffff_ffffL)),
    SPACES(
        ImmutableMap.of(
            "shared_info", (long) MemoryAbi.SPACE_SHARED_INFO,
            "grant_table", (long) MemoryAbi.SPACE_GRANT_TABLE,
            "gmfn", (long) MemoryAbi.SPACE_GMFN,
            "gmfn_range", (long) MemoryAbi.SPACE_GMFN_RANGE,
            "gmfn_foreign", (long) MemoryAbi.SPACE_GMFN_FOREIGN,
            "dev_mmio", (long) MemoryAbi.SPACE_DEV_MMIO)),
    RESOURCES(
        ImmutableMap.of(
            "ioreq_server", (long) MemoryAbi.RESOURCE_IOREQ_SERVER,
            "grant_table", (long) MemoryAbi.RESOURCE_GRANT_TABLE,
            "vmtrace", (long) MemoryAbi.RESOURCE_VMTRACE)),
    STATUSES(statuses()),
    TEXTS(texts()),
    ERRNOS(errnos()),
    ENTRY_TYPES(entryTypes()),
    FRAMES(ImmutableMap.of("hole", Mfn.NONE)),
    FAULTS(faults()),
    LIVES(ImmutableMap.of("alive", 0L, "dying", 1L, "dead", 2L, "gone", 3L));

    private final ImmutableMap<String, Long> values;

    Group(ImmutableMap<String, Long> values) {
      this.values = values;
    }

    List<String> names() {
      return values.keySet().asList();
    }

    OptionalLong value(String name) {
      Long value = values.get(name);
      return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** The names of the bits of a number, and what is left of it. */
    String bits(long value) {
      List<String> names = new ArrayList<>();
      long rest = value;
      for (Map.Entry<String, Long> symbol : values.entrySet()) {
        long bits = symbol.getValue();
        if (bits != 0 && Long.bitCount(bits) == 1 && (rest & bits) != 0) {
          names.add(symbol.getKey());
          rest &= ~bits;
        }
      }
      if (rest != 0 || names.isEmpty()) {
        names.add(Long.toString(rest));
      }
      return String.join(" + ", names);
    }

    /** The name of a number; the number itself where it has none. */
    String name(long value) {
      for (Map.Entry<String, Long> symbol : values.entrySet()) {
        if (symbol.getValue() == value) {
          return symbol.getKey();
        }
      }
      return Long.toString(value);
    }
  }

  private Symbols() {}

  private static ImmutableMap<String, Long> statuses() {
    return ImmutableMap.<String, Long>builder()
        .put("okay", (long) GntStatus.OKAY)
        .put("general_error", (long) GntStatus.GENERAL_ERROR)
        .put("bad_domain", (long) GntStatus.BAD_DOMAIN)
        .put("bad_gntref", (long) GntStatus.BAD_GNTREF)
        .put("bad_handle", (long) GntStatus.BAD_HANDLE)
        .put("bad_virt_addr", (long) GntStatus.BAD_VIRT_ADDR)
        .put("bad_dev_addr", (long) GntStatus.BAD_DEV_ADDR)
        .put("no_device_space", (long) GntStatus.NO_DEVICE_SPACE)
        .put("permission_denied", (long) GntStatus.PERMISSION_DENIED)
        .put("bad_page", (long) GntStatus.BAD_PAGE)
        .put("bad_copy_arg", (long) GntStatus.BAD_COPY_ARG)
        .put("address_too_big", (long) GntStatus.ADDRESS_TOO_BIG)
        .put("eagain", (long) GntStatus.EAGAIN)
        .put("no_space", (long) GntStatus.NO_SPACE)
        .put("untouched", (long) UNTOUCHED)
        .buildOrThrow();
  }

  /** Each by the status that it is the text of; "bad status" by one that there is not. */
  private static ImmutableMap<String, Long> texts() {
    ImmutableMap.Builder<String, Long> texts = ImmutableMap.builder();
    for (int status = 0; status >= GnttabOpError.BAD_STATUS; status--) {
      texts.put(GnttabOpError.text(status), (long) status);
    }
    return texts.buildOrThrow();
  }

  private static ImmutableMap<String, Long> faults() {
    ImmutableMap.Builder<String, Long> names = ImmutableMap.builder();
    for (FaultPoint point : FaultNames.POINTS) {
      names.put(point.name().toLowerCase(Locale.ROOT), (long) FaultNames.POINTS.indexOf(point));
    }
    return names.buildOrThrow();
  }

  private static ImmutableMap<String, Long> errnos() {
    ImmutableMap.Builder<String, Long> errnos = ImmutableMap.builder();
    for (int errno = 1; errno <= 133; errno++) {
      String name = Errno.name(-errno);
      if (name.startsWith("-E")) {
        errnos.put(name, (long) -errno);
      }
    }
    return errnos.buildOrThrow();
  }

  private static ImmutableMap<String, Long> entryTypes() {
    ImmutableMap.Builder<String, Long> types = ImmutableMap.builder();
    for (EntryType type : EntryType.values()) {
      types.put(type.name().toLowerCase(Locale.ROOT), (long) type.code());
    }
    return types.buildOrThrow();
  }
}
