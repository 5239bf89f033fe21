package org.xenarium.gnttab;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.Module;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.DomainPart;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.op.GrantTableOp;
import org.xenarium.gnttab.rule.TableRule;
import org.xenarium.gnttab.table.GrantLimits;
import org.xenarium.gnttab.table.GrantTable;

/**
 * The grant-table module: give it to a machine's builder and every domain has a {@link GrantTable}, of the {@link GrantLimits} in its
 * configuration or the default ones.
 */
public final class Gnttab implements Module {
  @Override
  public void register(Registry registry) {
    registry.hypercall(GnttabOp.HYPERCALL, new GrantTableOp());
    registry.mapSpace(MemoryAbi.SPACE_GRANT_TABLE, (domain, index) -> GrantTable.of(domain).frameForMapping(index));
  }

  @Override
  public @Nullable Rule refusal(DomainConfig config) {
    GrantLimits limits = limits(config);
    if (limits.maxVersion() < 1 || limits.maxVersion() > 2) {
      return TableRule.TABLE_01;
    }
    return limits.maxFrames() < 1 ? TableRule.TABLE_02 : null;
  }

  @Override
  public @Nullable DomainPart create(Domain domain, DomainConfig config) {
    return GrantTable.create(domain, limits(config));
  }

  private static GrantLimits limits(DomainConfig config) {
    return config.option(GrantLimits.class).orElse(GrantLimits.DEFAULT).orDefaults();
  }
}
