package org.xenarium.emulator.memoryop;

import org.jspecify.annotations.Nullable;

/** Which module gives the frames of which space and which kind of resource. */
public final class MapSpaces {
  private static final int SPACES = 8;

  private final @Nullable MapSpace[] spaces = new MapSpace[SPACES];
  private final @Nullable Resource[] resources = new Resource[SPACES];

  public void register(int space, MapSpace frames) {
    spaces[space] = frames;
  }

  public void register(int type, Resource resource) {
    resources[type] = resource;
  }

  /** The frames of that space, or null where no module has any. */
  public @Nullable MapSpace get(int space) {
    return space >= 0 && space < SPACES ? spaces[space] : null;
  }

  /** That kind of resource, or null where no module has any. */
  public @Nullable Resource resource(int type) {
    return type >= 0 && type < SPACES ? resources[type] : null;
  }
}
