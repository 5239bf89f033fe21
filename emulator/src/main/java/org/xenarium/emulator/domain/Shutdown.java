package org.xenarium.emulator.domain;

/** Why a domain was shut down, {@code SHUTDOWN_*} ({@code xen/include/public/sched.h}). Guests may give other numbers up to 255, too. */
public final class Shutdown {
  public static final int POWEROFF = 0;
  public static final int REBOOT = 1;
  public static final int SUSPEND = 2;
  public static final int CRASH = 3;
  public static final int WATCHDOG = 4;
  public static final int SOFT_RESET = 5;

  private Shutdown() {}
}
