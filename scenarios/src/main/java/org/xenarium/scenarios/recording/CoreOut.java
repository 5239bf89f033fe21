package org.xenarium.scenarios.recording;

import java.util.Locale;

/** What an element of {@code out} in the xen-core format may show; absent means that the guest's memory was left untouched. */
@SuppressWarnings("ImmutableEnumChecker") // nothing changes after construction
public enum CoreOut {
  /** Signed 16 bit; the recording spells its absence {@code null}. */
  STATUS(Range.S16),
  HANDLE(Range.U32),
  /** The machine address of a mapped frame. */
  DEV(Range.ADDRESS),
  NR(Range.U32),
  MAX(Range.U32),
  VERSION(Range.U32),
  /** The start of the frame list that was written: {@link CoreLine#frames}. */
  FRAMES(Range.ADDRESS);

  final Range range;

  CoreOut(Range range) {
    this.range = range;
  }

  /** As recordings spell it. */
  public String recordedName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The place among all, in tables and masks. */
  @SuppressWarnings("EnumOrdinal")
  int index() {
    return ordinal();
  }
}
