package org.xenarium.emulator.domain;

import com.google.common.collect.ImmutableClassToInstanceMap;
import java.util.Optional;

/**
 * What a domain is to be created with. Anything can be asked for; {@link ToolstackRule} says what is refused.
 *
 * @param id 0 to 0x7fef
 * @param privileged a control domain, which may act on others
 * @param hardware the hardware domain, which may map devices and whose page tables cost it nothing
 * @param target the id of the domain whose device model this one is, or {@link #NO_TARGET}; it may act on that one
 * @param vcpus how many virtual CPUs, 1 to {@value #MAX_VCPUS}
 * @param maxPages how many RAM pages the domain may own
 * @param memory what is special about its memory
 * @param options what modules want to know, by type
 */
public record DomainConfig(
    int id,
    boolean privileged,
    boolean hardware,
    int target,
    int vcpus,
    long maxPages,
    MemoryConfig memory,
    ImmutableClassToInstanceMap<Object> options) {
  /** No domain's device model. */
  public static final int NO_TARGET = -1;

  /** How many vCPUs a domain may have on Arm. */
  public static final int MAX_VCPUS = 128;

  /** An unprivileged domain with one vCPU. */
  public static DomainConfig guest(int id, long maxPages) {
    return new DomainConfig(id, false, false, NO_TARGET, 1, maxPages, MemoryConfig.ORDINARY, ImmutableClassToInstanceMap.of());
  }

  public DomainConfig withPrivilege(boolean value) {
    return new DomainConfig(id, value, hardware, target, vcpus, maxPages, memory, options);
  }

  public DomainConfig withHardware(boolean value) {
    return new DomainConfig(id, privileged, value, target, vcpus, maxPages, memory, options);
  }

  public DomainConfig withTarget(int domid) {
    return new DomainConfig(id, privileged, hardware, domid, vcpus, maxPages, memory, options);
  }

  public DomainConfig withVcpus(int value) {
    return new DomainConfig(id, privileged, hardware, target, value, maxPages, memory, options);
  }

  public DomainConfig withMaxPages(long value) {
    return new DomainConfig(id, privileged, hardware, target, vcpus, value, memory, options);
  }

  public DomainConfig withMemory(MemoryConfig value) {
    return new DomainConfig(id, privileged, hardware, target, vcpus, maxPages, value, options);
  }

  /** This configuration with one more module's wishes. */
  public <T> DomainConfig with(Class<T> type, T option) {
    ImmutableClassToInstanceMap<Object> more =
        ImmutableClassToInstanceMap.<Object>builder().putAll(options).put(type, option).build();
    return new DomainConfig(id, privileged, hardware, target, vcpus, maxPages, memory, more);
  }

  public <T> Optional<T> option(Class<T> type) {
    return Optional.ofNullable(options.getInstance(type));
  }
}
