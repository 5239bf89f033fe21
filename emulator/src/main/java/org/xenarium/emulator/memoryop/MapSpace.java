package org.xenarium.emulator.memoryop;

import org.xenarium.emulator.domain.Domain;

/** Gives the frames of an address space that add_to_physmap names, {@code XENMAPSPACE_*}; asking may make it grow. Holds no state. */
@FunctionalInterface
public interface MapSpace {
  /**
   * The frame with that index in the domain's space, or -1 when there is none and none can be made. What growth was needed is kept even if
   * the frame is then not mapped.
   */
  long frame(Domain domain, long index);
}
