package org.xenarium.scenarios.recording;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The fields of a {@link CoreDomainState}; one that is absent has not changed since it was last given. */
@SuppressWarnings("ImmutableEnumChecker") // nothing changes after construction
public enum CoreStateField {
  /** Domain id; always there. */
  D(Range.DOMAIN),
  /** 1: the domain left the list of domains. */
  GONE(Range.ONE),
  /** {@link CoreDomainState#life}. */
  LIFE(null),
  /** Version of the grant table. */
  VER(Range.U32),
  /** Shared grant frames. */
  NF(Range.U32),
  /** Status frames. */
  SF(Range.U32),
  /** Maptrack entries. */
  ML(Range.U32),
  /** Maptrack entries in use. */
  MU(Range.U32),
  V2OPS(Range.U32),
  /** {@link CoreDomainState#free}. */
  FREE(null),
  /** {@link CoreDomainState#entries}. */
  E(null),
  /** {@link CoreDomainState#p2m}. */
  P2M(null),
  /** CRC32 of the RAM pages, in the order of the header. */
  RAM(Range.U32),
  /** CRC32 of the shared frames. */
  TAB(Range.U32),
  /** CRC32 of the status frames. */
  STAB(Range.U32);

  private static final CoreStateField[] ALL = values();
  static final Names NAMES = new Names("\"st\"", Arrays.stream(ALL).map(CoreStateField::recordedName).toList());
  /** The columns of {@link #FREE} and {@link #E}. */
  static final List<Range> FREE_COLUMNS = List.of(Range.of(-1, 0xffffffffL), Range.of(-1, 0xffffffffL));

  static final List<Range> ENTRY_COLUMNS = List.of(Range.U32, Range.U32, Range.U16, Range.U16);

  /** What a number in this field may be; null if the field holds no number. */
  final @Nullable Range range;

  CoreStateField(@Nullable Range range) {
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

  static CoreStateField at(int index) {
    return ALL[index];
  }
}
