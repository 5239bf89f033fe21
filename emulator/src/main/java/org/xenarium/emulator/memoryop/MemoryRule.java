package org.xenarium.emulator.memoryop;

import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.semantics.Releases;
import org.xenarium.emulator.trace.Errno;
import org.xenarium.emulator.trace.Rule;

/** Every outcome of {@code memory_op} (spec §6). */
public enum MemoryRule implements Rule {
  MEM_01("memory_op", "the operation number is unknown", -Errno.ENOSYS, "§6.0"),

  ATP_01("add_to_physmap", "start_extent does not fit 16 bits", -Errno.EDOM, "§6.4"),
  ATP_02("add_to_physmap", "the argument struct cannot be read", -Errno.EFAULT, "§6.4"),
  ATP_03("add_to_physmap", "space gmfn_foreign exists in the batch form only", -Errno.ENOSYS, "§6.4"),
  ATP_04("add_to_physmap", "no such domain", -Errno.ESRCH, "§6.4"),
  ATP_05("add_to_physmap", "space dev_mmio by others than the hardware domain on itself", -Errno.EACCES, "§6.4"),
  ATP_06("add_to_physmap", "the caller may not act on the target", -Errno.EPERM, "§6.4"),
  ATP_07("add_to_physmap", "gpfn is all ones", -Errno.EINVAL, "§6.4"),
  ATP_08("add_to_physmap", "gmfn_range: size is below start_extent", -Errno.EILSEQ, "§6.4"),
  ATP_09("add_to_physmap", "gmfn_range: gpfn or idx plus size wraps", -Errno.EOVERFLOW, "§6.4"),
  ATP_10("add_to_physmap", "gmfn_range of no pages", 0, "§6.4"),
  ATP_11("add_to_physmap", "space gmfn (also page by page in gmfn_range) does not exist on Arm", -Errno.ENOSYS, "§6.6"),
  ATP_12("add_to_physmap", "unknown space", -Errno.ENOSYS, "§6.6"),
  ATP_13("add_to_physmap", "shared_info: idx is not 0", -Errno.EINVAL, "§6.6"),
  ATP_14("add_to_physmap", "no such frame in that space and none can be made", -Errno.EINVAL, "§6.6"),
  ATP_15("add_to_physmap", "the frame cannot be referenced any more", -Errno.EBUSY, "§6.6"),
  ATP_16("add_to_physmap", "the frame lies in the physmap already", -Errno.EBUSY, "§6.6, V20", Releases.with(Difference.ADDED_FRAME_STAYS)),
  ATP_17("add_to_physmap", "gpfn lies beyond the reach of the physmap", -Errno.EINVAL, "§6.1 P2"),
  ATP_18("add_to_physmap", "the target is dying", -Errno.ENOMEM, "§6.1 P2"),
  ATP_19("add_to_physmap", "the frame is mapped", 0, "§6.6"),

  RFP_01("remove_from_physmap", "start_extent is not 0", -Errno.EINVAL, "§6.7"),
  RFP_02("remove_from_physmap", "the argument struct cannot be read", -Errno.EFAULT, "§6.7"),
  RFP_03("remove_from_physmap", "no such domain", -Errno.ESRCH, "§6.7"),
  RFP_04("remove_from_physmap", "the caller may not act on the target", -Errno.EPERM, "§6.7"),
  RFP_05("remove_from_physmap", "no page of the target or of a foreign mapping lies there", -Errno.ENOENT, "§6.7"),
  RFP_06("remove_from_physmap", "the target is dying", -Errno.ENOMEM, "§6.1"),
  RFP_07("remove_from_physmap", "the entry is removed", 0, "§6.7"),
  RFP_08("remove_from_physmap", "a failure was ordered", -Errno.ENOMEM, "§6.7"),

  RES_01("reservation", "the argument struct cannot be read", "§6.2 1"),
  RES_02("reservation", "too many extents for a continuation", "§6.2 2"),
  RES_03("reservation", "nothing to do: start_extent is not below nr_extents", "§6.2 3"),
  RES_04("reservation", "no such domain", "§6.2 4"),
  RES_05("reservation", "mem_flags ask for what cannot be", "§6.2 5"),
  RES_06("reservation", "the caller may not act on the target", "§6.2 6"),
  RES_07("reservation", "extents of that order are not allowed to the caller", "§6.2 7"),
  RES_08("reservation", "the extent list cannot be read", "§6.2 8"),
  RES_09("reservation", "populate on demand does not exist on Arm", "§6.2"),
  RES_10("reservation", "the domain would own more pages than its maximum", "§6.2"),
  RES_11("reservation", "the host has no such page left", "§6.2"),
  RES_12("reservation", "the target is dying", "§6.2"),
  RES_13("reservation", "the gfn lies beyond the reach of the physmap; the new pages are lost", "§6.2"),
  RES_14("reservation", "the gfn holds no page", "§6.2"),
  RES_15("reservation", "the page there belongs to another domain", "§6.2"),
  RES_16("reservation", "all extents are done", "§6.2"),
  RES_17("reservation", "a failure was ordered", "§6.2"),
  RES_18("reservation", "direct-mapped: the domain does not own the frame of that number", "§6.2"),

  QRY_01("query", "start_extent is not 0", -Errno.EINVAL, "§6.3"),
  QRY_02("query", "the argument struct cannot be read", -Errno.EFAULT, "§6.3"),
  QRY_03("query", "no such domain", -Errno.ESRCH, "§6.3"),
  QRY_04("query", "the caller may not act on the target", -Errno.EPERM, "§6.3"),
  QRY_05("query", "the number asked for", "§6.3");

  private final Facts facts;

  MemoryRule(String operation, String when, int result, String section) {
    this(operation, when, result, section, Releases.ALL);
  }

  MemoryRule(String operation, String when, int result, String section, Releases releases) {
    facts = new Facts(operation, when, Kind.RETURN, result, section, releases);
  }

  /** A rule of a call that returns a number of its own: a count of extents, or what was asked for. */
  MemoryRule(String operation, String when, String section) {
    facts = new Facts(operation, when, operation.equals("query") ? Kind.VALUE : Kind.COUNT, 0, section);
  }

  @Override
  public Facts facts() {
    return facts;
  }
}
