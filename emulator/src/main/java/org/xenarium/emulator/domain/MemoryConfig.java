package org.xenarium.emulator.domain;

import com.google.common.collect.ImmutableRangeSet;
import com.google.common.collect.Range;
import java.util.Optional;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.HypervisorNode;
import org.xenarium.emulator.state.Digest;

/**
 * What is special about a domain's memory; fixed at creation.
 *
 * @param poolPages pages for the tables of its physmap, or {@link #DEFAULT_POOL}; of no effect where tables do not come from a pool (V23)
 * @param directMapped guest frames are the machine frames of the same number (spec §6.2)
 * @param staticMemory its RAM is reserved for it: what it gives back, only it can have again (spec §6.2)
 * @param virtualNodes virtual NUMA nodes that it has, 0 for none
 * @param devices machine frames of device memory that it may map (spec §6.6, dev_mmio)
 * @param node what its device tree says; empty for an ordinary domain without extended regions
 */
public record MemoryConfig(
    long poolPages,
    boolean directMapped,
    boolean staticMemory,
    int virtualNodes,
    ImmutableRangeSet<Long> devices,
    Optional<HypervisorNode> node) {
  /** As many pages as the hypervisor gives a domain that it creates at boot. */
  public static final long DEFAULT_POOL = -1;

  /** Nothing is special. */
  public static final MemoryConfig ORDINARY = new MemoryConfig(DEFAULT_POOL, false, false, 0, ImmutableRangeSet.of(), Optional.empty());

  private static final long KIB_PER_VCPU = 1024;
  private static final long KIB_PER_MIB_OF_RAM = 4;
  private static final long KIB_FOR_REGIONS = 512;
  private static final long PAGES_PER_MIB = (1 << 20) / MachineMemory.PAGE_SIZE;

  public MemoryConfig {
    if (poolPages < DEFAULT_POOL) {
      throw new IllegalArgumentException("a pool of " + poolPages + " pages");
    }
  }

  /** Pages in the pool of a domain of so many vCPUs and pages of RAM: in whole MiB, as measured on 4.17.7. The toolstack does not round. */
  public static long defaultPool(int vcpus, long ramPages) {
    long kib = KIB_PER_VCPU * vcpus + KIB_PER_MIB_OF_RAM * (ramPages / PAGES_PER_MIB) + KIB_FOR_REGIONS;
    return (kib + 1023) / 1024 * PAGES_PER_MIB;
  }

  public MemoryConfig withPoolPages(long value) {
    return new MemoryConfig(value, directMapped, staticMemory, virtualNodes, devices, node);
  }

  public MemoryConfig withDirectMapped(boolean value) {
    return new MemoryConfig(poolPages, value, staticMemory, virtualNodes, devices, node);
  }

  public MemoryConfig withStaticMemory(boolean value) {
    return new MemoryConfig(poolPages, directMapped, value, virtualNodes, devices, node);
  }

  public MemoryConfig withVirtualNodes(int value) {
    return new MemoryConfig(poolPages, directMapped, staticMemory, value, devices, node);
  }

  public MemoryConfig withDevices(ImmutableRangeSet<Long> frames) {
    return new MemoryConfig(poolPages, directMapped, staticMemory, virtualNodes, frames, node);
  }

  public MemoryConfig withNode(HypervisorNode value) {
    return new MemoryConfig(poolPages, directMapped, staticMemory, virtualNodes, devices, Optional.of(value));
  }

  void digest(Digest digest) {
    digest.add(directMapped).add(staticMemory).add(virtualNodes);
    for (Range<Long> range : devices.asRanges()) {
      digest.add(range.lowerEndpoint()).add(range.upperEndpoint());
    }
  }
}
