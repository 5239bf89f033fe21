package org.xenarium.emulator.memory;

/** A machine frame number: which 4096-byte frame of the host's memory. Inside stores and hot loops it travels as a plain {@code long}. */
public record Mfn(long value) {
  /** No frame. */
  public static final long NONE = -1;

  /** The machine address of the frame's first byte. */
  public long address() {
    return value << MachineMemory.PAGE_SHIFT;
  }
}
