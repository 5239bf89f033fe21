package org.xenarium.gnttab.model;

import org.jspecify.annotations.Nullable;

/**
 * A grant that is in use: as long as it is, it means this domain and this frame, whatever the granter writes (spec §3.7).
 *
 * @param holder id of the one domain that uses it
 * @param frame the machine frame
 * @param readers how many live handles only read
 * @param writers how many live handles read and write
 */
record Pin(int holder, long frame, int readers, int writers) {
  /** So many handles of a kind there may be (spec §3.1). */
  static final int MOST = 128;

  /** With one handle more or, for {@code by} -1, less; null when none is left. */
  @Nullable Pin with(boolean readonly, int by) {
    Pin pin = new Pin(holder, frame, readers + (readonly ? by : 0), writers + (readonly ? 0 : by));
    return pin.readers == 0 && pin.writers == 0 ? null : pin;
  }

  boolean isFull(boolean readonly, boolean eachForItself) {
    return eachForItself ? (readonly ? readers : writers) >= MOST : readers >= MOST || writers >= MOST;
  }

  @Override
  public String toString() {
    return "domain " + holder + " holds frame 0x" + Long.toHexString(frame) + ", " + readers + " times to read, " + writers + " times to write";
  }
}
