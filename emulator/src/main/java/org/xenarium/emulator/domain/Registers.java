package org.xenarium.emulator.domain;

import org.xenarium.emulator.state.Digest;

/**
 * The registers that matter to hypercalls, saved while something else uses them.
 *
 * @param number x16
 * @param atHypercall the program counter is on an HVC
 */
record Registers(long x0, long x1, long x2, long x3, long x4, int number, boolean atHypercall) {
  static final Registers ZERO = new Registers(0, 0, 0, 0, 0, 0, false);

  void digest(Digest digest) {
    digest.add(x0).add(x1).add(x2).add(x3).add(x4).add(number).add(atHypercall);
  }
}
