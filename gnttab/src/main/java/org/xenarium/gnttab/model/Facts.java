package org.xenarium.gnttab.model;

import org.xenarium.emulator.domain.World;
import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.gnttab.abi.GntStatus;

/**
 * What does not change about a machine, as far as it decides who reaches what.
 *
 * @param silo whether two unprivileged domains may not share (spec §2.6)
 * @param reach how many guest frames a physmap spans
 * @param noSpace the status of a map without a free handle (V16)
 * @param eachCounterForItself V13
 * @param removalNamesFrame V21
 * @param emptyCopyOkay V25
 * @param upgradeChecksFrame V31
 * @param addedFrameStays V20
 */
record Facts(
    boolean silo,
    long reach,
    int noSpace,
    boolean eachCounterForItself,
    boolean removalNamesFrame,
    boolean emptyCopyOkay,
    boolean upgradeChecksFrame,
    boolean addedFrameStays) {
  static Facts of(World world) {
    Semantics semantics = world.semantics();
    return new Facts(
        semantics.policy() == SecurityPolicy.SILO,
        world.reach(),
        semantics.has(Difference.NO_SPACE) ? GntStatus.NO_SPACE : GntStatus.NO_DEVICE_SPACE,
        semantics.has(Difference.ONE_COUNTER_FULL),
        semantics.has(Difference.REMOVAL_NAMES_FRAME),
        semantics.has(Difference.EMPTY_COPY_OKAY),
        semantics.has(Difference.UPGRADE_CHECKS_FRAME),
        semantics.has(Difference.ADDED_FRAME_STAYS));
  }

  boolean reaches(long gfn) {
    return Long.compareUnsigned(gfn, reach) < 0;
  }

  /** May these two share memory in the name of the caller? */
  boolean mayShare(DomainState caller, DomainState one, DomainState other) {
    return !silo || one == other || one.id() == other.id() || caller.privileged() || one.privileged() || other.privileged();
  }
}
