package org.xenarium.scenarios.script;

import org.xenarium.emulator.semantics.Semantics;

/**
 * The machine of a scenario.
 *
 * @param semantics which Xen it runs
 * @param pages machine frames, from 0x40000 on
 * @param seed of its generator
 * @param reach guest frames that a physmap spans
 * @param hypervisorStep nanoseconds of a step inside the hypervisor
 * @param guestStep nanoseconds of a step of guest code
 * @param interrupt nanoseconds from an event until its interrupt is there
 */
public record MachineSetup(Semantics semantics, long pages, long seed, long reach, long hypervisorStep, long guestStep, long interrupt) {
  /** Where machine memory begins. */
  public static final long FIRST_MFN = 0x40000;

  /** A machine of so many frames about which nothing else is said. */
  public static MachineSetup of(Semantics semantics, long pages) {
    return new MachineSetup(
        semantics, pages, 0, SetupReader.REACH, SetupReader.HYPERVISOR_STEP, SetupReader.GUEST_STEP, SetupReader.INTERRUPT);
  }

  /** The same machine with another number of frames. */
  public MachineSetup withPages(long other) {
    return new MachineSetup(semantics, other, seed, reach, hypervisorStep, guestStep, interrupt);
  }

  /** The same machine with another Xen. */
  public MachineSetup withSemantics(Semantics other) {
    return new MachineSetup(other, pages, seed, reach, hypervisorStep, guestStep, interrupt);
  }
}
