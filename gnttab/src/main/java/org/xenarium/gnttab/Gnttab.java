package org.xenarium.gnttab;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.Module;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.DomainPart;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.op.GrantTableOp;
import org.xenarium.gnttab.rule.TableRule;
import org.xenarium.gnttab.table.GrantLimits;
import org.xenarium.gnttab.table.GrantOptions;
import org.xenarium.gnttab.table.GrantTable;

/**
 * The grant-table module: give it to a machine's builder and every domain has a {@link GrantTable}, of the {@link GrantLimits} in its
 * configuration or the host's, see {@link GrantOptions}. Where these leave grant tables out, the hypercall and the address space of
 * add_to_physmap only refuse (V11), and nobody can reach the tables.
 */
public final class Gnttab implements Module {
  @Override
  public void register(Registry registry) {
    if (GrantOptions.of(registry.semantics()).built()) {
      registry.hypercall(GnttabOp.HYPERCALL, new GrantTableOp());
      registry.mapSpace(MemoryAbi.SPACE_GRANT_TABLE, (domain, index) -> GrantTable.of(domain).frameForMapping(index));
      registry.resource(MemoryAbi.RESOURCE_GRANT_TABLE, new GrantTableResource());
    } else {
      registry.hypercall(GnttabOp.HYPERCALL, GrantTableOp.leftOut());
      registry.mapSpace(MemoryAbi.SPACE_GRANT_TABLE, (domain, index) -> Mfn.NONE);
    }
  }

  @Override
  public @Nullable Rule refusal(DomainConfig config, Semantics semantics) {
    GrantOptions options = GrantOptions.of(semantics);
    GrantLimits limits = limits(config, options);
    if (limits.maxVersion() < 1 || limits.maxVersion() > 2) {
      return TableRule.TABLE_01;
    }
    if (limits.maxVersion() > options.maxVersion()) {
      return TableRule.TABLE_03;
    }
    if (limits.maxVersion() != options.maxVersion() && !semantics.has(Difference.VERSION_PER_DOMAIN)) {
      return TableRule.TABLE_04;
    }
    return limits.maxFrames() < 1 ? TableRule.TABLE_02 : null;
  }

  @Override
  public @Nullable DomainPart create(Domain domain, DomainConfig config) {
    return GrantTable.create(domain, limits(config, GrantOptions.of(domain.world().semantics())));
  }

  private static GrantLimits limits(DomainConfig config, GrantOptions options) {
    return config.option(GrantLimits.class).orElse(GrantLimits.DEFAULT).onHost(options);
  }
}
