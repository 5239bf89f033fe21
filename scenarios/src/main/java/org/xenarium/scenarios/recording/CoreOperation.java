package org.xenarium.scenarios.recording;

import static org.xenarium.scenarios.recording.CoreField.CMD;
import static org.xenarium.scenarios.recording.CoreField.COUNT;
import static org.xenarium.scenarios.recording.CoreField.DATA;
import static org.xenarium.scenarios.recording.CoreField.ESZ;
import static org.xenarium.scenarios.recording.CoreField.FL;
import static org.xenarium.scenarios.recording.CoreField.FR;
import static org.xenarium.scenarios.recording.CoreField.FRAME;
import static org.xenarium.scenarios.recording.CoreField.FW;
import static org.xenarium.scenarios.recording.CoreField.GFN;
import static org.xenarium.scenarios.recording.CoreField.GPA;
import static org.xenarium.scenarios.recording.CoreField.HEX;
import static org.xenarium.scenarios.recording.CoreField.ID;
import static org.xenarium.scenarios.recording.CoreField.IDX;
import static org.xenarium.scenarios.recording.CoreField.IN;
import static org.xenarium.scenarios.recording.CoreField.LEN;
import static org.xenarium.scenarios.recording.CoreField.MFNS;
import static org.xenarium.scenarios.recording.CoreField.NR;
import static org.xenarium.scenarios.recording.CoreField.OFF;
import static org.xenarium.scenarios.recording.CoreField.OK;
import static org.xenarium.scenarios.recording.CoreField.OUT;
import static org.xenarium.scenarios.recording.CoreField.OVERLAP;
import static org.xenarium.scenarios.recording.CoreField.RAND;
import static org.xenarium.scenarios.recording.CoreField.RC;
import static org.xenarium.scenarios.recording.CoreField.REF;
import static org.xenarium.scenarios.recording.CoreField.TARGET;
import static org.xenarium.scenarios.recording.CoreField.VER;
import static org.xenarium.scenarios.recording.CoreField.ZOMBIE;
import static org.xenarium.scenarios.recording.CoreShape.elements;
import static org.xenarium.scenarios.recording.CoreShape.plain;
import static org.xenarium.scenarios.recording.CoreShape.single;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The operations of the xen-core format (docs/reference/recordings.md).
 *
 * <p>Every line has {@code i}, {@code op}, {@code dom} and {@code st}, and may have {@code vcpu} and {@code skip}; a line with {@code skip}
 * may lack all else. The table below says what each operation has besides; anything more is an error. It is what the 22 recordings of
 * 4.23-dev hold, where an operation has a field
 *
 * <ul>
 *   <li>always, or
 *   <li>when it applies: {@code rand} when a handle was looked for in vain, {@code overlap}, {@code data} unless the read was aborted,
 *       {@code fr}, {@code fw} and {@code fl} when a fault was injected, {@code count} when it is not the number of elements.
 * </ul>
 *
 * <p>None of them has a line with {@code skip}; {@code vcpu} is given for {@code map}, {@code unmap}, {@code unmaprep} and {@code copy}.
 */
@SuppressWarnings("ImmutableEnumChecker") // nothing changes after construction
public enum CoreOperation {
  /** GNTTABOP_map_grant_ref. */
  MAP(elements().in("addr", Range.ADDRESS).in("flags", Range.U32).in("ref", Range.U32).in("dom", Range.U16)
      .out(CoreOut.STATUS).mayOut(CoreOut.HANDLE, CoreOut.DEV).may(RAND)),
  /** GNTTABOP_unmap_grant_ref. */
  UNMAP(elements().in("addr", Range.ADDRESS).in("dev", Range.ADDRESS).in("handle", Range.U32).out(CoreOut.STATUS)),
  /** GNTTABOP_unmap_and_replace. */
  UNMAPREP(elements().in("addr", Range.ADDRESS).in("new", Range.ADDRESS).in("handle", Range.U32).out(CoreOut.STATUS)),
  /** GNTTABOP_copy; {@code s}, {@code d} are references if bit 0, bit 1 of {@code fl} is set, else gfns. */
  COPY(elements().in("s", Range.ADDRESS).in("sd", Range.U16).in("so", Range.U16).in("d", Range.ADDRESS).in("dd", Range.U16)
      .in("do", Range.U16).in("len", Range.U16).in("fl", Range.U16).out(CoreOut.STATUS).may(OVERLAP)),
  /** GNTTABOP_transfer. */
  TRANSFER(elements().in("mfn", Range.ADDRESS).in("to", Range.U16).in("ref", Range.U32).out(CoreOut.STATUS)),
  /** GNTTABOP_swap_grant_ref. */
  SWAP(elements().in("a", Range.U32).in("b", Range.U32).out(CoreOut.STATUS)),
  /** GNTTABOP_cache_flush; it writes nothing back. */
  CFLUSH(elements().in("addr", Range.ADDRESS).in("off", Range.U16).in("len", Range.U16).in("op", Range.U32)),
  /** GNTTABOP_setup_table. */
  SETUP(single(TARGET, NR).may(FL, COUNT).out(CoreOut.STATUS, CoreOut.FRAMES)),
  /** GNTTABOP_get_status_frames. */
  GETSTAT(single(TARGET, NR).may(FL, COUNT).out(CoreOut.STATUS, CoreOut.FRAMES)),
  /** GNTTABOP_query_size. */
  QUERY(single(TARGET).may(COUNT).out(CoreOut.STATUS).mayOut(CoreOut.NR, CoreOut.MAX)),
  /** GNTTABOP_set_version. */
  SETVER(single(VER).out(CoreOut.VERSION)),
  /** GNTTABOP_get_version. */
  GETVER(single(TARGET).mayOut(CoreOut.VERSION)),
  /** Any grant-table command with a count that is not positive, or a command that does not exist; the pointer does not matter. */
  RAW(plain(CMD, COUNT, RC)),
  /** XENMEM_add_to_physmap of a grant-table frame. */
  ATP(plain(TARGET, IDX, GFN, RC)),
  /** XENMEM_remove_from_physmap. */
  RFP(plain(TARGET, GFN, RC)),
  /** gnttab_acquire_resource(); rc is the number of {@code mfns} on success. */
  ACQRES(plain(TARGET, ID, FRAME, NR, RC, MFNS)),
  /** The guest writes to its own shared entry. */
  GW(plain(REF, OFF, HEX, ESZ, GPA, OK)),
  /** The guest writes to an address. */
  GPW(plain(GPA, HEX, OK)),
  /** The guest reads from an address; {@code data} is there unless the access was aborted. */
  GPR(plain(GPA, LEN, OK).may(DATA)),
  /** The toolstack destroys the domain. */
  DESTROY(plain(RC, ZOMBIE));

  private static final Map<String, CoreOperation> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(CoreOperation::recordedName, Function.identity()));

  private final CoreShape shape;
  final Names inNames;
  final Names outNames;
  final Range[] inRanges;
  /** The outputs in the order of {@link #outNames}. */
  final CoreOut[] outs;

  CoreOperation(CoreShape shape) {
    this.shape = shape;
    inNames = new Names("\"in\" of " + recordedName(), shape.inNames);
    outs = shape.outs.toArray(CoreOut[]::new);
    outNames = new Names("\"out\" of " + recordedName(), shape.outs.stream().map(CoreOut::recordedName).toList());
    inRanges = shape.inRanges.toArray(Range[]::new);
  }

  /** The operation of that name; null if the format has none. */
  static @Nullable CoreOperation named(String name) {
    return BY_NAME.get(name);
  }

  static List<String> recordedNames() {
    return Arrays.stream(values()).map(CoreOperation::recordedName).toList();
  }

  /** As recordings spell it. */
  public String recordedName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether {@code in} is an array of request elements, one hypercall for all. */
  public boolean hasElements() {
    return (shape.required & IN.bit()) != 0;
  }

  /** Whether the guest's memory after the call is shown: one element of {@code out} for each of {@code in}, or one. */
  public boolean hasOut() {
    return (shape.required & OUT.bit()) != 0;
  }

  /** The fields of an element of {@code in}, in the order of the columns of {@link CoreLine#in}. */
  public List<String> elementFields() {
    return inNames.names();
  }

  /** What every line of the operation has, besides what every line has. */
  public Set<CoreField> required() {
    return CoreField.set(shape.required);
  }

  /** What a line of the operation may have, besides what every line may have. */
  public Set<CoreField> optional() {
    return CoreField.set(shape.optional);
  }

  long requiredMask() {
    return shape.required;
  }

  long optionalMask() {
    return shape.optional;
  }

  /** Mask, over {@link #outNames}, of what every element of {@code out} has. */
  long requiredOuts() {
    return Names.first(shape.requiredOuts);
  }

  /** Whether {@code fr} and {@code fw} can only be 0, as there is one struct. */
  boolean isSingle() {
    return hasOut() && !hasElements();
  }
}
