package org.xenarium.emulator.semantics;

import com.google.common.collect.ImmutableClassToInstanceMap;
import java.util.Optional;

/**
 * Which Xen the machine is: behaviour as a value, shared by all copies of a machine.
 *
 * @param release which release, as the tip of its stable branch
 * @param profile the kind of machine and guest
 * @param policy the security policy that the host was booted with
 * @param options what modules want to know of build and boot options, by type
 */
public record Semantics(Release release, Profile profile, SecurityPolicy policy, ImmutableClassToInstanceMap<Object> options) {
  /** A release on Arm under the given policy, all options at their defaults. */
  public Semantics(Release release, SecurityPolicy policy) {
    this(release, Profile.ARM, policy, ImmutableClassToInstanceMap.of());
  }

  /** A release as it boots when nothing is asked for: on Arm under SILO since 4.13, else under dummy (V10). */
  public static Semantics of(Release release, Profile profile) {
    boolean silo = profile == Profile.ARM && Difference.SILO_BY_DEFAULT.isIn(release);
    SecurityPolicy policy = silo ? SecurityPolicy.SILO : SecurityPolicy.DUMMY;
    return new Semantics(release, profile, policy, ImmutableClassToInstanceMap.of());
  }

  /** The development baseline of the specification, on Arm, under the given policy. */
  public static Semantics baseline(SecurityPolicy policy) {
    return new Semantics(Release.V4_23_DEV, policy);
  }

  /** Does this Xen behave as releases with that difference do? */
  public boolean has(Difference difference) {
    return difference.isIn(release);
  }

  public Semantics withRelease(Release value) {
    return new Semantics(value, profile, policy, options);
  }

  public Semantics withProfile(Profile value) {
    return new Semantics(release, value, policy, options);
  }

  public Semantics withPolicy(SecurityPolicy value) {
    return new Semantics(release, profile, value, options);
  }

  /** This Xen with a module's build and boot options; they replace earlier ones of the same type. */
  public <T> Semantics with(Class<T> type, T option) {
    ImmutableClassToInstanceMap.Builder<Object> all = ImmutableClassToInstanceMap.builder();
    options.forEach((other, value) -> putUnless(type, other, value, all));
    return new Semantics(release, profile, policy, all.put(type, option).build());
  }

  private static <T> void putUnless(Class<?> replaced, Class<T> type, Object value, ImmutableClassToInstanceMap.Builder<Object> all) {
    if (type != replaced) {
      all.put(type, type.cast(value));
    }
  }

  /** A module's build and boot options, if they were set. */
  public <T> Optional<T> option(Class<T> type) {
    return Optional.ofNullable(options.getInstance(type));
  }
}
