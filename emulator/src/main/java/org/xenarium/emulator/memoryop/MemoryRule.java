package org.xenarium.emulator.memoryop;

import static org.xenarium.emulator.semantics.Difference.ACQUIRE_RESOURCE_FOR_ALL;
import static org.xenarium.emulator.semantics.Difference.ADDED_FRAME_STAYS;
import static org.xenarium.emulator.semantics.Difference.FOREIGN_IO_REFUSED;
import static org.xenarium.emulator.semantics.Difference.UNKNOWN_RESOURCE_IS_EMPTY;
import static org.xenarium.emulator.semantics.Releases.with;
import static org.xenarium.emulator.semantics.Releases.without;

import org.jspecify.annotations.Nullable;
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
  ATP_16("add_to_physmap", "the frame lies in the physmap already", -Errno.EBUSY, "§6.6, V20", with(ADDED_FRAME_STAYS)),
  ATP_17("add_to_physmap", "gpfn lies beyond the reach of the physmap", -Errno.EINVAL, "§6.1 P2"),
  ATP_18("add_to_physmap", "the target is dying", -Errno.ENOMEM, "§6.1 P2"),
  ATP_19("add_to_physmap", "the frame is mapped", 0, "§6.6"),
  ATP_20("add_to_physmap", "the target's pool has no page for a table", -Errno.ENOENT, "§6.1 P2"),
  ATP_21("add_to_physmap", "the target's pool has no page to split a block", -Errno.ENOMEM, "§6.1 P2"),

  MMIO_01("add_to_physmap", "device memory that the target may not have: nothing is mapped", 0, "§6.6"),

  FOREIGN_01("add_to_physmap_batch", "no such foreign domain", -Errno.ESRCH, "§6.6"),
  FOREIGN_02("add_to_physmap_batch", "the foreign domain is the caller, by its id", -Errno.EPERM, "§6.6", with(FOREIGN_IO_REFUSED)),
  FOREIGN_03("add_to_physmap_batch", "the foreign domain is the caller, by its id", -Errno.ESRCH, "§6.6", without(FOREIGN_IO_REFUSED)),
  FOREIGN_04("add_to_physmap_batch", "the foreign domain is the target", -Errno.EINVAL, "§6.6"),
  FOREIGN_05("add_to_physmap_batch", "the target may not act on the foreign domain", -Errno.EPERM, "§6.6"),
  FOREIGN_06("add_to_physmap_batch", "no page of the foreign domain lies at idx", -Errno.EINVAL, "§6.6"),
  FOREIGN_07("add_to_physmap_batch", "a grant or foreign mapping lies at idx", -Errno.EINVAL, "§6.6"),

  BATCH_01("add_to_physmap_batch", "start_extent does not fit 16 bits", -Errno.EDOM, "§6.5"),
  BATCH_02("add_to_physmap_batch", "the argument struct cannot be read", -Errno.EFAULT, "§6.5"),
  BATCH_03("add_to_physmap_batch", "space gmfn_range exists in the single form only", -Errno.EOPNOTSUPP, "§6.5"),
  BATCH_04("add_to_physmap_batch", "no such domain", -Errno.ESRCH, "§6.5"),
  BATCH_05("add_to_physmap_batch", "space dev_mmio by others than the hardware domain on itself", -Errno.EACCES, "§6.5"),
  BATCH_06("add_to_physmap_batch", "the caller may not act on the target", -Errno.EPERM, "§6.5"),
  BATCH_07("add_to_physmap_batch", "start_extent is beyond the last element", -Errno.EILSEQ, "§6.5"),
  BATCH_08("add_to_physmap_batch", "no elements", 0, "§6.5"),
  BATCH_09("add_to_physmap_batch", "dev_mmio: the reserved field is not 0", -Errno.EOPNOTSUPP, "§6.5"),
  BATCH_10("add_to_physmap_batch", "idx or gpfn of an element cannot be read", -Errno.EFAULT, "§6.5"),
  BATCH_11("add_to_physmap_batch", "the gpfn of an element is all ones", -Errno.EINVAL, "§6.5"),
  BATCH_12("add_to_physmap_batch", "the error of an element, which is done, cannot be written", -Errno.EFAULT, "§6.5"),
  BATCH_13("add_to_physmap_batch", "each element has its own result", 0, "§6.5"),

  RFP_01("remove_from_physmap", "start_extent is not 0", -Errno.EINVAL, "§6.7"),
  RFP_02("remove_from_physmap", "the argument struct cannot be read", -Errno.EFAULT, "§6.7"),
  RFP_03("remove_from_physmap", "no such domain", -Errno.ESRCH, "§6.7"),
  RFP_04("remove_from_physmap", "the caller may not act on the target", -Errno.EPERM, "§6.7"),
  RFP_05("remove_from_physmap", "no page of the target or of a foreign mapping lies there", -Errno.ENOENT, "§6.7"),
  RFP_06("remove_from_physmap", "the target is dying", -Errno.ENOMEM, "§6.1"),
  RFP_07("remove_from_physmap", "the entry is removed", 0, "§6.7"),
  RFP_08("remove_from_physmap", "a failure was ordered", -Errno.ENOMEM, "§6.7"),
  RFP_09("remove_from_physmap", "the target's pool has no page to split a block", -Errno.ENOMEM, "§6.1 P2"),

  XCHG_01("exchange", "start_extent is not 0", -Errno.EINVAL, "§6.8"),
  XCHG_02("exchange", "the argument struct cannot be read", -Errno.EFAULT, "§6.8"),
  XCHG_03("exchange", "extents of one of the orders are not allowed to the caller", -Errno.EPERM, "§6.8"),
  XCHG_04("exchange", "more is exchanged than there is", -Errno.EINVAL, "§6.8"),
  XCHG_05("exchange", "the two domains differ", -Errno.EINVAL, "§6.8"),
  XCHG_06("exchange", "the pages of one side do not fit 64 bits", -Errno.EINVAL, "§6.8"),
  XCHG_07("exchange", "the two sides have different numbers of pages", -Errno.EINVAL, "§6.8"),
  XCHG_08("exchange", "all is exchanged already", 0, "§6.8"),
  XCHG_09("exchange", "mem_flags ask for what cannot be", -Errno.EINVAL, "§6.8"),
  XCHG_10("exchange", "no such domain", -Errno.ESRCH, "§6.8"),
  XCHG_11("exchange", "the caller may not act on the target", -Errno.EPERM, "§6.8"),
  XCHG_12("exchange", "the first input gfn cannot be read", -Errno.EFAULT, "§6.8"),
  XCHG_13("exchange", "the first input gfn holds no page", -Errno.EINVAL, "§6.8"),
  XCHG_14("exchange", "a page, and on Arm no page can be exchanged", -Errno.EOPNOTSUPP, "§6.8"),
  XCHG_15("exchange", "nr_exchanged cannot be written", -Errno.EFAULT, "§6.8"),

  ACQ_01("acquire_resource", "the caller is not the hardware domain", -Errno.EACCES, "§6.9", without(ACQUIRE_RESOURCE_FOR_ALL)),
  ACQ_02("acquire_resource", "the argument struct cannot be read", -Errno.EFAULT, "§6.9"),
  ACQ_03("acquire_resource", "padding is not 0, or a frame number does not fit 32 bits", -Errno.EINVAL, "§6.9"),
  ACQ_04("acquire_resource", "no such domain", -Errno.ESRCH, "§6.9"),
  ACQ_05("acquire_resource", "the domain is the caller", -Errno.EPERM, "§6.9"),
  ACQ_06("acquire_resource", "the caller is neither a control domain nor the target's device model", -Errno.EPERM, "§6.9"),
  ACQ_07("acquire_resource", "the target has no such resource", -Errno.EINVAL, "§6.9"),
  ACQ_08("acquire_resource", "the size is asked for, but nr_frames or start_extent is not 0", -Errno.EINVAL, "§6.9"),
  ACQ_09("acquire_resource", "the size of the resource", 0, "§6.9"),
  ACQ_10("acquire_resource", "the size cannot be written", -Errno.EFAULT, "§6.9"),
  ACQ_11("acquire_resource", "start_extent is not below nr_frames, or that is too large for a continuation", -Errno.EINVAL, "§6.9"),
  ACQ_12("acquire_resource", "the resource has no such frame and none can be made", -Errno.EINVAL, "§6.9"),
  ACQ_13("acquire_resource", "the list of gfns cannot be read", -Errno.EFAULT, "§6.9"),
  ACQ_14("acquire_resource", "a frame but the first of its chunk cannot be mapped", -Errno.EIO, "§6.9"),
  ACQ_15("acquire_resource", "the gfn lies beyond the reach of the physmap", -Errno.EINVAL, "§6.1 P2"),
  ACQ_16("acquire_resource", "the caller's pool has no page for a table", -Errno.ENOENT, "§6.1 P2"),
  ACQ_17("acquire_resource", "the caller's pool has no page to split a block", -Errno.ENOMEM, "§6.1 P2"),
  ACQ_18("acquire_resource", "all frames are mapped", 0, "§6.9"),
  ACQ_19("acquire_resource", "the frame cannot be referenced any more", -Errno.EINVAL, "§6.9"),
  ACQ_20("acquire_resource", "the kind of resource is unknown", -Errno.EOPNOTSUPP, "§6.9", without(UNKNOWN_RESOURCE_IS_EMPTY)),
  ACQ_21("acquire_resource", "the size of an unknown kind: an error number as an unsigned one", 0, "§6.9", without(UNKNOWN_RESOURCE_IS_EMPTY)),
  ACQ_22("acquire_resource", "the caller is dying", -Errno.ENOMEM, "§6.1 P2"),

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
  RES_19("reservation", "the target has virtual nodes, but not that one", "§6.2 5"),
  RES_20("reservation", "the pool has no page for a table; the new pages are lost", "§6.1 P2"),
  RES_21("reservation", "the pool has no page to split a block; the new pages are lost", "§6.1 P2"),
  RES_22("reservation", "the pool has no page to split the block; the page stays", "§6.1 P2"),
  RES_23("reservation", "static memory comes in single pages", "§6.2"),
  RES_24("reservation", "no static page waits for its domain", "§6.2"),

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

  @Override
  public @Nullable String unreachable() {
    return this == ACQ_22 ? "the vCPUs of a dying domain have stopped (I68)" : null;
  }
}
