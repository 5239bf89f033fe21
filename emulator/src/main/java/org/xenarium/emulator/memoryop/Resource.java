package org.xenarium.emulator.memoryop;

import org.xenarium.emulator.domain.Domain;

/** Gives the frames of a kind of resource that acquire_resource maps into another domain, {@code XENMEM_resource_*}. Holds no state. */
public interface Resource {
  /** How many frames the domain's resource with that id can have; 0 when there is no such resource. */
  long size(Domain domain, int id);

  /**
   * Machine frames {@code first} to {@code first + count - 1}; the resource grows as far as it may, and growth is kept. Empty when there are no
   * such frames.
   */
  long[] frames(Domain domain, int id, long first, int count);
}
