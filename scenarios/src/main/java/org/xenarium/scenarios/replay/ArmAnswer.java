package org.xenarium.scenarios.replay;

/** What the machine answered to one line of the arm64 format, in the terms of the format. */
final class ArmAnswer {
  long rc;
  int status;
  final long[] out = new long[8];

  /** An access was answered by an abort at {@link #far}. */
  boolean aborted;

  long far;

  /** The vCPU executes the access for ever. */
  boolean stuck;

  void clear() {
    rc = 0;
    status = 0;
    aborted = false;
    far = 0;
    stuck = false;
  }
}
