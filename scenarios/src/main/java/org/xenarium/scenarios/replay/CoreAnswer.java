package org.xenarium.scenarios.replay;

/** What the machine answered to one line of the xen-core format. */
final class CoreAnswer {
  private static final byte[] NOTHING = {};

  long rc;

  /** The structs as they lie in guest memory after the call. */
  byte[] structs = NOTHING;

  /** The frame list as it lies in guest memory after the call. */
  byte[] list = NOTHING;

  /** Frames of a resource. */
  long[] frames = {};

  boolean ok;
  long gpa;
  byte[] data = NOTHING;
  boolean zombie;

  void clear() {
    rc = 0;
    structs = NOTHING;
    list = NOTHING;
    frames = new long[0];
    ok = false;
    gpa = 0;
    data = NOTHING;
    zombie = false;
  }
}
