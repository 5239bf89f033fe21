package org.xenarium.gnttab.op;

import org.xenarium.emulator.fault.FaultPoint;

/** Places in a map that can be made to fail. */
public enum MapFault implements FaultPoint {
  /** The granter's page is paged out: try again. Xen answers so on x86 only; the domain is the granter, the key its guest frame number. */
  PAGE_IS_OUT
}
