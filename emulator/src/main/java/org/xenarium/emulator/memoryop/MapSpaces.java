package org.xenarium.emulator.memoryop;

import org.jspecify.annotations.Nullable;

/** Which module gives the frames of which space. */
public final class MapSpaces {
  private static final int SPACES = 8;

  private final @Nullable MapSpace[] spaces = new MapSpace[SPACES];

  public void register(int space, MapSpace frames) {
    spaces[space] = frames;
  }

  /** The frames of that space, or null where no module has any. */
  public @Nullable MapSpace get(int space) {
    return space >= 0 && space < SPACES ? spaces[space] : null;
  }
}
