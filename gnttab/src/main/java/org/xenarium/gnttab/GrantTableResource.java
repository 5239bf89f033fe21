package org.xenarium.gnttab;

import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.memoryop.Resource;
import org.xenarium.gnttab.table.GrantTable;

/** The grant table as a resource of acquire_resource (spec §6.9): its shared frames have id 0. An Arm build has no status frames to give. */
final class GrantTableResource implements Resource {
  private static final int SHARED = 0;

  @Override
  public long size(Domain domain, int id) {
    return id == SHARED ? GrantTable.of(domain).maxFrames() : 0;
  }

  @Override
  public long[] frames(Domain domain, int id, long first, int count) {
    return GrantTable.of(domain).acquire(id, first, count);
  }
}
