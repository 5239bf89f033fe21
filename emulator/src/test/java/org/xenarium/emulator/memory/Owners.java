package org.xenarium.emulator.memory;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Owners of frames that write down what they are told. */
public final class Owners implements FrameOwners {
  /** What was said of freed frames, as {@code "ram of 1"}. */
  public final List<String> freed = new ArrayList<>();

  public final Set<Integer> dying = new HashSet<>();

  @Override
  public void frameFreed(int owner, boolean xenHeap) {
    freed.add((xenHeap ? "xen heap of " : "ram of ") + owner);
  }

  @Override
  public boolean scrubs(int owner) {
    return dying.contains(owner);
  }
}
