package org.xenarium.emulator.trace;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.semantics.Releases;

/**
 * A branch that decides the result of an operation, under a name of its own, so that an answer explains itself. Implemented by enums, one
 * per part of the hypervisor; a constant {@code MAP_07} is the rule {@code MAP-07}, for ever.
 */
public interface Rule {
  /** What kind of number a result is. */
  enum Kind {
    /** A per-element status {@code GNTST_*}; the hypercall itself goes on. */
    STATUS,
    /** The hypercall's return value: 0, or a negative errno. */
    RETURN,
    /** The hypercall returns how many extents were done. */
    COUNT,
    /** The hypercall returns a value that it looked up. */
    VALUE,
    /** The guest's own code stops its vCPU for good. */
    PANIC,
    /** Nothing is decided: the guest's own code is used, or behaves, as it should not. */
    NOTE
  }

  /**
   * What a rule says.
   *
   * @param operation the operation that the rule belongs to, by its public name
   * @param when the condition in words
   * @param result the status or return value; 0 where {@code kind} says that it is computed
   * @param section of the specification, such as {@code §3.3.1}
   * @param releases under which the rule can decide
   */
  record Facts(String operation, String when, Kind kind, int result, String section, Releases releases) {
    /** A rule of all releases. */
    public Facts(String operation, String when, Kind kind, int result, String section) {
      this(operation, when, kind, result, section, Releases.ALL);
    }
  }

  /** The constant's name; every enum has it. */
  String name();

  Facts facts();

  /** The written-out name, such as {@code MAP-07}. */
  default String id() {
    return name().replace('_', '-');
  }

  /** Why nothing that a guest does can make this rule decide, or null where something can. It is there because Xen has the check. */
  default @Nullable String unreachable() {
    return null;
  }

  /** The status or return value that this rule decides on. */
  default int result() {
    return facts().result();
  }
}
