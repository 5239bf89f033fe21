package org.xenarium.scenarios.recording;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of an operation line in the xen-core format (docs/reference/recordings.md); see {@link CoreOperation} for who has which. */
@SuppressWarnings("ImmutableEnumChecker") // nothing changes after construction
public enum CoreField {
  /** Index of the line, from 0. */
  I(Range.of(0, Long.MAX_VALUE)),
  OP(null),
  /** Calling domain. */
  DOM(Range.DOMAIN),
  /** Calling vCPU; 0 if absent. */
  VCPU(Range.of(0, Integer.MAX_VALUE)),
  /** Return value of the hypercall. */
  RC(Range.S64),
  /** Request elements: {@link CoreLine#in}. */
  IN(null),
  /** Elements after the call: {@link CoreLine#out}. */
  OUT(null),
  /** State changes: {@link CoreLine#state}. */
  ST(null),
  /** Values the hypervisor drew at random: {@link CoreLine#rand}. */
  RAND(null),
  /** 1: a copy overlapped itself within one page. */
  OVERLAP(Range.ONE),
  /** 1: the caller is dead, and the line means nothing. */
  SKIP(Range.ONE),
  /** Guest memory of this element and all later ones is unreadable. */
  FR(Range.U32),
  /** This element and all later ones are not writable. */
  FW(Range.U32),
  /** This entry of the frame list and all later ones are not writable. */
  FL(Range.U32),
  /** A domain id, perhaps DOMID_SELF (32752). */
  TARGET(Range.U16),
  /** How many frames. */
  NR(Range.U32),
  /** The hypercall's count where it is not the number of elements; may be negative. */
  COUNT(Range.of(Integer.MIN_VALUE, 0xffffffffL)),
  /** The version asked for. */
  VER(Range.U32),
  /** The hypercall's command. */
  CMD(Range.U32),
  IDX(Range.ADDRESS),
  GFN(Range.ADDRESS),
  /** Kind of resource: 0 shared frames, 1 status frames. */
  ID(Range.U32),
  /** First frame of a resource. */
  FRAME(Range.ADDRESS),
  /** Grant reference. */
  REF(Range.U32),
  /** Byte within the entry. */
  OFF(Range.U32),
  /** Size of an entry: 8 or 16. */
  ESZ(Range.of(8, 16)),
  /** Bytes written: {@link CoreLine#bytes}. */
  HEX(null),
  /** Guest-physical address. */
  GPA(Range.ADDRESS),
  /** 0: the access was aborted. */
  OK(Range.BIT),
  /** Bytes read: {@link CoreLine#bytes}. */
  DATA(null),
  /** How many bytes to read. */
  LEN(Range.of(1, 4096)),
  /** Machine frames of a resource: {@link CoreLine#mfns}. */
  MFNS(null),
  /** 1: the domain still exists afterwards, because pages of it are referenced. */
  ZOMBIE(Range.BIT);

  private static final CoreField[] ALL = values();
  static final Names NAMES = new Names("the line", Arrays.stream(ALL).map(CoreField::recordedName).toList());

  /** What a number in this field may be; null if the field holds no number. */
  final @Nullable Range range;

  CoreField(@Nullable Range range) {
    this.range = range;
  }

  /** As recordings spell it. */
  public String recordedName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the field holds a number, so that {@link CoreLine#get} gives it. */
  public boolean isNumber() {
    return range != null;
  }

  static CoreField at(int index) {
    return ALL[index];
  }

  /** The place among all, in tables and masks. */
  @SuppressWarnings("EnumOrdinal")
  int index() {
    return ordinal();
  }

  long bit() {
    return 1L << index();
  }

  static long mask(CoreField... fields) {
    long mask = 0;
    for (CoreField field : fields) {
      mask |= field.bit();
    }
    return mask;
  }

  static Set<CoreField> set(long mask) {
    Set<CoreField> set = EnumSet.noneOf(CoreField.class);
    for (CoreField field : ALL) {
      if ((mask & field.bit()) != 0) {
        set.add(field);
      }
    }
    return set;
  }

  static List<String> recordedNames(long mask) {
    return set(mask).stream().map(CoreField::recordedName).toList();
  }
}
