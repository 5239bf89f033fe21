package org.xenarium.emulator.domain;

import com.google.common.collect.ImmutableClassToInstanceMap;
import java.util.Optional;

/**
 * What a domain is created with.
 *
 * @param id 0 to 0x7fef
 * @param privileged a control domain, which may act on others
 * @param vcpus how many virtual CPUs, at least 1
 * @param maxPages how many RAM pages the domain may own
 * @param options what modules want to know, by type
 */
public record DomainConfig(int id, boolean privileged, int vcpus, long maxPages, ImmutableClassToInstanceMap<Object> options) {
  /** How many vCPUs a domain may have on Arm. */
  public static final int MAX_VCPUS = 128;

  public DomainConfig {
    if (id < 0 || id >= DomId.FIRST_RESERVED) {
      throw new IllegalArgumentException("domain id " + id + " is not in 0 to " + (DomId.FIRST_RESERVED - 1));
    }
    if (vcpus < 1 || vcpus > MAX_VCPUS) {
      throw new IllegalArgumentException("domain " + id + " cannot have " + vcpus + " vCPUs, only 1 to " + MAX_VCPUS);
    }
  }

  /** An unprivileged domain with one vCPU. */
  public static DomainConfig guest(int id, long maxPages) {
    return new DomainConfig(id, false, 1, maxPages, ImmutableClassToInstanceMap.of());
  }

  public DomainConfig withPrivilege(boolean value) {
    return new DomainConfig(id, value, vcpus, maxPages, options);
  }

  public DomainConfig withVcpus(int value) {
    return new DomainConfig(id, privileged, value, maxPages, options);
  }

  /** This configuration with one more module's wishes. */
  public <T> DomainConfig with(Class<T> type, T option) {
    ImmutableClassToInstanceMap<Object> more =
        ImmutableClassToInstanceMap.<Object>builder().putAll(options).put(type, option).build();
    return new DomainConfig(id, privileged, vcpus, maxPages, more);
  }

  public <T> Optional<T> option(Class<T> type) {
    return Optional.ofNullable(options.getInstance(type));
  }
}
