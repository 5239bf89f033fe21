package org.xenarium.scenarios.replay;

import java.util.function.UnaryOperator;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.MemoryConfig;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.gnttab.Gnttab;
import org.xenarium.gnttab.table.GrantLimits;
import org.xenarium.gnttab.table.GrantOptions;
import org.xenarium.scenarios.recording.CoreDomain;
import org.xenarium.scenarios.recording.CoreHeader;
import org.xenarium.scenarios.recording.CoreMapping;

/** The machine on which a recording of the xen-core format was made, as far as its header tells (docs/reference/recordings.md). */
final class CoreSetup {
  /** The frames for which there is memory. */
  private static final long FIRST_MFN = 0x80000;

  private static final long FRAMES = 0x4000;

  /** Guest frames that the root table spans. */
  private static final long REACH = 1L << 28;

  private CoreSetup() {}

  static Machine machine(String file, CoreHeader header, UnaryOperator<Semantics> instead) throws UnplayableException {
    Machine machine =
        Machine.builder()
            .semantics(instead.apply(semantics(header)))
            .memory(FIRST_MFN, FRAMES)
            .reach(REACH)
            .module(new Gnttab())
            .build();
    try {
      header.domains().forEach(declared -> create(machine, declared, header.optMaxVersion()));
      header.domains().forEach(declared -> fillPhysmap(machine, declared));
    } catch (IllegalArgumentException e) {
      throw new UnplayableException(file, 1, String.valueOf(e.getMessage()));
    }
    return machine;
  }

  private static Semantics semantics(CoreHeader header) {
    GrantOptions options = GrantOptions.ARM.withMaxVersion(header.optMaxVersion()).withCopying(GrantOptions.Copying.BUFFERED);
    return new Semantics(Release.V4_23_DEV, SecurityPolicy.DUMMY).with(GrantOptions.class, options);
  }

  private static void create(Machine machine, CoreDomain declared, int optMaxVersion) {
    int maxVersion = Math.min(declared.maxVersion(), optMaxVersion);
    GrantLimits limits = new GrantLimits(declared.maxGrantFrames(), declared.maxMaptrackFrames(), maxVersion);
    Domain domain =
        machine.createDomain(
            DomainConfig.guest(declared.id(), FRAMES)
                .withPrivilege(declared.priv())
                .withVcpus(declared.vcpus())
                .withMemory(MemoryConfig.ORDINARY.withPoolPages(Physmap.UNLIMITED))
                .with(GrantLimits.class, limits));
    MachineMemory memory = machine.world().memory();
    byte[] page = new byte[MachineMemory.PAGE_SIZE];
    for (long mfn : declared.pages()) {
      domain.ownRam(mfn);
      for (int i = 0; i < page.length; i++) {
        page[i] = (byte) (mfn * 31 + i * 7L + (i >> 8));
      }
      memory.content().write(memory.address(mfn), page, 0, page.length);
    }
  }

  private static void fillPhysmap(Machine machine, CoreDomain declared) {
    Domain domain = machine.domain(declared.id());
    MachineMemory memory = machine.world().memory();
    for (CoreMapping mapping : declared.p2m()) {
      EntryType type = EntryType.of(mapping.type());
      if (type.isForeign() && !memory.get(mapping.mfn(), memory.owner(mapping.mfn()))) {
        throw new IllegalArgumentException("domain " + declared.id() + " has a foreign mapping of frame " + mapping.mfn() + ", which nobody owns");
      }
      domain.physmap().set(mapping.gfn(), mapping.mfn(), type);
    }
  }
}
