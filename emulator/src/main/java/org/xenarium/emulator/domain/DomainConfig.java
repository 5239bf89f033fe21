package org.xenarium.emulator.domain;

import com.google.common.collect.ImmutableClassToInstanceMap;
import java.util.Optional;

/**
 * What a domain is to be created with. Anything can be asked for; {@link ToolstackRule} says what is refused.
 *
 * @param id 0 to 0x7fef
 * @param privileged a control domain, which may act on others
 * @param vcpus how many virtual CPUs, 1 to {@value #MAX_VCPUS}
 * @param maxPages how many RAM pages the domain may own
 * @param directMapped its guest frame numbers are machine frame numbers, as those of the first domain on Arm
 * @param options what modules want to know, by type
 */
public record DomainConfig(int id, boolean privileged, int vcpus, long maxPages, boolean directMapped, ImmutableClassToInstanceMap<Object> options) {
  /** How many vCPUs a domain may have on Arm. */
  public static final int MAX_VCPUS = 128;

  /** An unprivileged domain with one vCPU. */
  public static DomainConfig guest(int id, long maxPages) {
    return new DomainConfig(id, false, 1, maxPages, false, ImmutableClassToInstanceMap.of());
  }

  public DomainConfig withPrivilege(boolean value) {
    return new DomainConfig(id, value, vcpus, maxPages, directMapped, options);
  }

  public DomainConfig withVcpus(int value) {
    return new DomainConfig(id, privileged, value, maxPages, directMapped, options);
  }

  public DomainConfig withDirectMap(boolean value) {
    return new DomainConfig(id, privileged, vcpus, maxPages, value, options);
  }

  /** This configuration with one more module's wishes. */
  public <T> DomainConfig with(Class<T> type, T option) {
    ImmutableClassToInstanceMap<Object> more =
        ImmutableClassToInstanceMap.<Object>builder().putAll(options).put(type, option).build();
    return new DomainConfig(id, privileged, vcpus, maxPages, directMapped, more);
  }

  public <T> Optional<T> option(Class<T> type) {
    return Optional.ofNullable(options.getInstance(type));
  }
}
