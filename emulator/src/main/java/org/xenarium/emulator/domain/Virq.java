package org.xenarium.emulator.domain;

/** Virtual interrupts, {@code VIRQ_*} ({@code xen/include/public/xen.h}): those of a vCPU, and global ones. */
public final class Virq {
  /** Global: something happened to a domain. */
  public static final int DOM_EXC = 3;

  /** How many there are. */
  public static final int COUNT = 24;

  private static final int TIMER = 0;
  private static final int DEBUG = 1;
  private static final int XENOPROF = 7;
  private static final int XENPMU = 13;

  private Virq() {}

  /** Does the virtual interrupt go to a domain, and not to each of its vCPUs? */
  public static boolean isGlobal(int virq) {
    return virq != TIMER && virq != DEBUG && virq != XENOPROF && virq != XENPMU;
  }
}
