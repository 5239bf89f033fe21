package org.xenarium.scenarios.replay;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.gnttab.Gnttab;
import org.xenarium.gnttab.table.GrantLimits;
import org.xenarium.gnttab.table.GrantOptions;
import org.xenarium.scenarios.recording.ArmHeader;

/** The machine on which a recording of the arm64 format was made, as far as its header tells (docs/reference/recordings.md). */
final class ArmSetup {
  /** Machine RAM spans 0x40000000 to 0x80000000. */
  private static final long FIRST_MFN = 0x40000;

  private static final long FRAMES = 0x40000;

  /** Guest frames that the root table spans (V35). */
  private static final long REACH = 1L << 36;

  /** The guest program with its stack, buffers and scratch pages. */
  private static final long PROGRAM = 0x40000000L;

  private static final long PROGRAM_END = 0x40110000L;

  private ArmSetup() {}

  static Machine machine(String file, ArmHeader header, UnaryOperator<Semantics> instead) throws UnplayableException {
    checkRam(file, header);
    Machine machine =
        Machine.builder()
            .semantics(instead.apply(semantics(file, header)))
            .memory(FIRST_MFN, FRAMES)
            .reach(REACH)
            .module(new Gnttab())
            .build();
    GrantLimits limits = new GrantLimits(header.maxGrantFrames(), header.maxMaptrackFrames());
    for (int id : header.domains()) {
      machine.createDomain(DomainConfig.guest(id, pages(header)).with(GrantLimits.class, limits));
    }
    try {
      for (int id : header.domains()) {
        Optional<Long> base = Optional.ofNullable(header.machineRamBase().get(id));
        if (base.isPresent()) {
          giveRam(machine, header, id, base.get() >>> MachineMemory.PAGE_SHIFT);
        }
      }
      for (int id : header.domains()) {
        if (!header.machineRamBase().containsKey(id)) {
          giveRam(machine, header, id, RamSlots.free(machine.world().memory(), pages(header)));
        }
      }
    } catch (IllegalArgumentException e) {
      throw new UnplayableException(file, 1, "the domains' RAM does not fit the machine's, 0x40000000 to 0x80000000: " + e.getMessage());
    }
    return machine;
  }

  private static void checkRam(String file, ArmHeader header) throws UnplayableException {
    boolean fits = header.ramKib() <= FRAMES * (MachineMemory.PAGE_SIZE / 1024);
    if (!fits || header.ramBase() != PROGRAM || header.ramBase() + header.ramKib() * 1024 < PROGRAM_END) {
      throw new UnplayableException(
          file, 1, "\"ram_base\", \"ram_kib\": expected RAM from 0x40000000 to 0x40110000 or beyond, where the guest program lies, and at most 1 GiB");
    }
  }

  private static void giveRam(Machine machine, ArmHeader header, int id, long mfn) {
    Domain domain = machine.domain(id);
    domain.ownRam(header.ramBase() >>> MachineMemory.PAGE_SHIFT, mfn, pages(header));
  }

  static long pages(ArmHeader header) {
    return header.ramKib() / (MachineMemory.PAGE_SIZE / 1024);
  }

  private static Semantics semantics(String file, ArmHeader header) throws UnplayableException {
    GrantOptions options = GrantOptions.ARM.withMaxVersion(header.maxGrantVersion());
    return new Semantics(release(file, header), policy(header)).with(GrantOptions.class, options);
  }

  private static Release release(String file, ArmHeader header) throws UnplayableException {
    return Release.named(header.version())
        .or(() -> Release.named(header.release()))
        .orElseThrow(
            () ->
                new UnplayableException(
                    file,
                    1,
                    "\"source\": Xen " + header.release() + " is not a release that is emulated; known are "
                        + Arrays.stream(Release.values()).map(Release::toString).collect(Collectors.joining(", "))));
  }

  private static SecurityPolicy policy(ArmHeader header) {
    return switch (header.xsm()) {
      case DUMMY -> SecurityPolicy.DUMMY;
      case SILO -> SecurityPolicy.SILO;
    };
  }
}
