package org.xenarium.emulator.memory;

/** Told when a frame loses its last reference, so that the owner's accounts and life can follow. */
public interface FrameOwners {
  /** A frame of domain {@code owner} has just lost its last reference. */
  void frameFreed(int owner, boolean xenHeap);

  /** That frame, of which {@link #frameFreed} tells next, is static: nobody but {@code owner} can get it again. */
  default void frameReserved(int owner, long mfn) {}

  /** True when frames that {@code owner} loses must be zeroed before anybody else gets them: the owner is dying (spec §5.1). */
  boolean scrubs(int owner);
}
