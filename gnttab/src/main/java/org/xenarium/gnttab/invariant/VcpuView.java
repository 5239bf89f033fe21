package org.xenarium.gnttab.invariant;

/** What a watch remembers of a vCPU: its call so far, and the element that the call is at. */
final class VcpuView implements Cloneable {
  /** The call goes on although the vCPU is outside the hypervisor: it was preempted. */
  boolean continuing;

  /** Its call was seen from the start, or from when the watch began. */
  boolean inCall;

  /** Element executions that the call has left. */
  long left;

  /** A domain has left the list during this call: the counters of its table are looked at no longer. */
  boolean outlived;

  /** Steps since an element was last decided. */
  int steps;

  /** Steps in a row in the middle of a claim. */
  int claiming;

  /** Sum of the changes of counters by this call, each multiplied by a number of its own: 0 when nothing has changed on balance. */
  long callPins;

  /** Counters taken away less counters added by this call. */
  int callTaken;

  /** Elements of this call that ended a handle, by their answers. */
  int callUnmaps;

  // The same of the element.
  long elementPins;
  int elementAdded;
  long elementPhysmap;
  long elementRise;
  int elementRetired;
  boolean elementChanged;

  /** The handle that the element has published, and the frame behind it; -1 for none. */
  int published = -1;

  long publishedFrame;

  /** The entry that the step before needed, as a lock, and its header then. */
  long lastLock;

  int lastHeader;

  VcpuView copy() {
    try {
      return (VcpuView) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  void beginCall(long elements) {
    inCall = true;
    left = elements;
    outlived = false;
    callPins = 0;
    callTaken = 0;
    callUnmaps = 0;
    beginElement();
  }

  void beginElement() {
    steps = 0;
    elementPins = 0;
    elementAdded = 0;
    elementPhysmap = 0;
    elementRise = 0;
    elementRetired = 0;
    elementChanged = false;
    published = -1;
    publishedFrame = 0;
  }
}
