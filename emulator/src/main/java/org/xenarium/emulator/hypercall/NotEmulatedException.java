package org.xenarium.emulator.hypercall;

/** A guest asked for something that exists in Xen and not here. Better no answer than a wrong one. */
public final class NotEmulatedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Names what was asked for, such as {@code "xen_version command 3 (capabilities)"}. */
  public NotEmulatedException(String what) {
    super(what + " is not emulated");
  }
}
