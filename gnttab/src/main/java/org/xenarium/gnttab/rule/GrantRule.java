package org.xenarium.gnttab.rule;

import static org.xenarium.gnttab.abi.GntStatus.BAD_COPY_ARG;
import static org.xenarium.gnttab.abi.GntStatus.BAD_DOMAIN;
import static org.xenarium.gnttab.abi.GntStatus.BAD_GNTREF;
import static org.xenarium.gnttab.abi.GntStatus.BAD_HANDLE;
import static org.xenarium.gnttab.abi.GntStatus.BAD_PAGE;
import static org.xenarium.gnttab.abi.GntStatus.BAD_VIRT_ADDR;
import static org.xenarium.gnttab.abi.GntStatus.EAGAIN;
import static org.xenarium.gnttab.abi.GntStatus.GENERAL_ERROR;
import static org.xenarium.gnttab.abi.GntStatus.NO_DEVICE_SPACE;
import static org.xenarium.gnttab.abi.GntStatus.NO_SPACE;
import static org.xenarium.gnttab.abi.GntStatus.OKAY;
import static org.xenarium.gnttab.abi.GntStatus.PERMISSION_DENIED;
import static org.xenarium.emulator.semantics.Releases.with;
import static org.xenarium.emulator.semantics.Releases.without;
import static org.xenarium.emulator.trace.Rule.Kind.RETURN;
import static org.xenarium.emulator.trace.Rule.Kind.STATUS;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.semantics.Difference;
import org.xenarium.emulator.semantics.Releases;
import org.xenarium.emulator.trace.Errno;
import org.xenarium.emulator.trace.Rule;

/**
 * Every outcome of {@code grant_table_op}. The number in a name is that of the check in the specification's ordered list for the operation, a
 * letter tells branches of one check apart, and F1 to F15 are the sources of -EFAULT of spec §10.3.
 */
public enum GrantRule implements Rule {
  GNT_04("grant_table_op", "the count is negative as a signed 32-bit number", RETURN, -Errno.EINVAL, "§2.1"),
  GNT_05("grant_table_op", "command bits 31 to 12 are set in a command that has none", RETURN, -Errno.EINVAL, "§2.1"),
  GNT_06("grant_table_op", "the command is unknown or not implemented", RETURN, -Errno.ENOSYS, "§2.1"),
  GNT_07("transfer", "pages cannot be transferred on Arm", RETURN, -Errno.EOPNOTSUPP, "§3.11, V22", with(Difference.TRANSFER_REFUSED)),
  GNT_08("grant_table_op", "the batch is empty: its count is 0", RETURN, 0, "§2.2"),
  GNT_09("grant_table_op", "the count of a single-element command is not 1", RETURN, -Errno.EINVAL, "§2.2"),
  GNT_10(
      "grant_table_op", "the build has no grant tables", RETURN, -Errno.ENOSYS, "§9.1, V11", with(Difference.GRANT_TABLE_OPTIONAL)),

  MAP_01("map", "neither host_map nor device_map is asked for", STATUS, BAD_GNTREF, "§3.3.1"),
  MAP_02("map", "device_map, application_map or contains_pte do not exist on Arm", STATUS, GENERAL_ERROR, "§3.3.1"),
  MAP_03("map", "the granting domain is not in the domain list", STATUS, BAD_DOMAIN, "§3.3.1"),
  MAP_04("map", "the security policy refuses", STATUS, PERMISSION_DENIED, "§2.6"),
  MAP_05("map", "no maptrack handle is left", STATUS, NO_SPACE, "§3.2, V16", with(Difference.NO_SPACE)),
  MAP_05B("map", "no maptrack handle is left", STATUS, NO_DEVICE_SPACE, "§3.2, V16", without(Difference.NO_SPACE)),
  MAP_06("map", "the reference is beyond the table", STATUS, BAD_GNTREF, "§3.3.1"),
  MAP_07A("map", "the entry is pinned for another domain", STATUS, GENERAL_ERROR, "§3.3.1"),
  MAP_07B("map", "the pin counter is full (128)", STATUS, GENERAL_ERROR, "§3.1"),
  MAP_07C("map", "version 2: what is pinned is a part of a page or granted on", STATUS, GENERAL_ERROR, "§3.3.1"),
  MAP_08A("map", "the entry does not permit access", STATUS, GENERAL_ERROR, "§3.3.2"),
  MAP_08B("map", "the entry is for another domain", STATUS, GENERAL_ERROR, "§3.3.2"),
  MAP_08C("map", "a writable map of a read-only entry", STATUS, GENERAL_ERROR, "§3.3.2"),
  MAP_08D("map", "the entry changed during five attempts to mark it", STATUS, GENERAL_ERROR, "§3.3.2"),
  MAP_08E("map", "version 2: the entry changed while it was being marked", STATUS, GENERAL_ERROR, "§3.3.2"),
  MAP_09("map", "the granted frame is not RAM of the granter", STATUS, BAD_PAGE, "§3.3.3"),
  MAP_11("map", "the pinned page cannot be referenced any more", STATUS, GENERAL_ERROR, "§3.3.1"),
  MAP_12("map", "flag bits other than host_map and readonly are set; found after pinning", STATUS, GENERAL_ERROR, "§3.3.1"),
  MAP_13A("map", "the host address is beyond the reach of the physmap", STATUS, GENERAL_ERROR, "§3.3.1"),
  MAP_13B("map", "the mapping domain is dying", STATUS, GENERAL_ERROR, "§3.3.1"),
  MAP_13C("map", "the mapper's pool has no page for a table", STATUS, GENERAL_ERROR, "§6.1 P2"),
  MAP_13D("map", "the mapper's pool has no page to split a block of its RAM", STATUS, GENERAL_ERROR, "§6.1 P2"),
  MAP_14("map", "mapped", STATUS, OKAY, "§3.3.4"),
  MAP_15("map", "ordered: the page is out for the moment, which on Arm no page ever is", STATUS, EAGAIN, "§3.3.3"),
  MAP_F1("map", "the element cannot be read", RETURN, -Errno.EFAULT, "§10.3 F1"),
  MAP_F2("map", "the element was performed and cannot be written back", RETURN, -Errno.EFAULT, "§10.3 F2"),

  UNMAP_01("unmap", "the handle is beyond the maptrack", STATUS, BAD_HANDLE, "§3.4.1"),
  UNMAP_02("unmap", "the handle is free", STATUS, BAD_HANDLE, "§3.4.1"),
  UNMAP_05("unmap", "the handle's reference is beyond the granter's table", STATUS, BAD_HANDLE, "§3.4.1"),
  UNMAP_08A("unmap", "a replacement address does not exist on Arm", STATUS, GENERAL_ERROR, "§3.4.3"),
  UNMAP_08B(
      "unmap",
      "another frame is mapped at the host address",
      STATUS,
      GENERAL_ERROR,
      "§3.4.3, V21",
      with(Difference.REMOVAL_NAMES_FRAME)),
  UNMAP_08C("unmap", "the host address is beyond the reach of the physmap", STATUS, GENERAL_ERROR, "§3.4.3"),
  UNMAP_08D("unmap", "the mapping domain is dying", STATUS, GENERAL_ERROR, "§3.4.3"),
  UNMAP_08E("unmap", "the mapper's pool has no page to split a block of its RAM", STATUS, GENERAL_ERROR, "§6.1 P2"),
  UNMAP_09("unmap", "host_addr is 0, which means: leave the mapping alone", STATUS, OKAY, "§3.4.1"),
  UNMAP_10("unmap", "unmapped, although nothing was mapped at the host address", STATUS, OKAY, "§3.4.3"),
  UNMAP_11("unmap", "unmapped", STATUS, OKAY, "§3.4.1"),
  UNMAP_12(
      "unmap",
      "unmapped, and another frame lost its place at the host address",
      STATUS,
      OKAY,
      "§3.4.3, V21",
      without(Difference.REMOVAL_NAMES_FRAME)),
  UNMAP_F3("unmap", "the element cannot be read", RETURN, -Errno.EFAULT, "§10.3 F3"),
  UNMAP_F4("unmap", "the element was performed and its status cannot be written", RETURN, -Errno.EFAULT, "§10.3 F4"),

  COPY_01("copy", "no bytes to copy", STATUS, OKAY, "§3.5.1, V25", with(Difference.EMPTY_COPY_OKAY)),
  COPY_02("copy", "a frame number with a domid other than DOMID_SELF", STATUS, PERMISSION_DENIED, "§3.5.1"),
  COPY_03("copy", "no such domain", STATUS, BAD_DOMAIN, "§3.5.1"),
  COPY_05("copy", "the security policy refuses", STATUS, PERMISSION_DENIED, "§2.6"),
  COPY_06("copy", "the frame is not RAM of the caller", STATUS, BAD_PAGE, "§3.5.2"),
  COPY_08("copy", "offset plus length exceeds a page", STATUS, BAD_COPY_ARG, "§3.5.1"),
  COPY_09("copy", "version 2: the source range is not inside what is granted", STATUS, GENERAL_ERROR, "§3.5.1"),
  COPY_10("copy", "version 2: the destination range is not inside what is granted", STATUS, GENERAL_ERROR, "§3.5.1"),
  COPY_11("copy", "copied", STATUS, OKAY, "§3.5.1"),
  COPY_F5("copy", "the element cannot be read", RETURN, -Errno.EFAULT, "§10.3 F5"),
  COPY_F6("copy", "the element was performed and its status cannot be written", RETURN, -Errno.EFAULT, "§10.3 F6"),
  CLAIM_01("copy", "the reference is beyond the table", STATUS, BAD_GNTREF, "§3.5.3"),
  CLAIM_02A("copy", "the entry is pinned for another domain", STATUS, GENERAL_ERROR, "§3.5.3"),
  CLAIM_02B("copy", "the pin counter is full (128)", STATUS, GENERAL_ERROR, "§3.5.3"),
  CLAIM_04A("copy", "the entry does not permit access", STATUS, GENERAL_ERROR, "§3.3.2"),
  CLAIM_04B("copy", "the entry is for another domain", STATUS, GENERAL_ERROR, "§3.3.2"),
  CLAIM_04C("copy", "a write to a read-only entry", STATUS, GENERAL_ERROR, "§3.3.2"),
  CLAIM_04D("copy", "the entry changed during five attempts to mark it", STATUS, GENERAL_ERROR, "§3.3.2"),
  CLAIM_04G("copy", "version 2: the entry changed while it was being marked", STATUS, GENERAL_ERROR, "§3.3.2"),
  CLAIM_T2("copy", "version 2: a transitive entry behind a transitive one", STATUS, GENERAL_ERROR, "§3.5.4"),
  CLAIM_T2B("copy", "version 2: a transitive entry on a host that allows none", STATUS, GENERAL_ERROR, "§3.5.4"),
  CLAIM_T3("copy", "version 2: a transitive entry that passes on a grant of its own domain", STATUS, GENERAL_ERROR, "§3.5.4"),
  CLAIM_T4("copy", "version 2: a transitive entry that names no domain", STATUS, GENERAL_ERROR, "§3.5.4"),
  CLAIM_04E("copy", "the granted frame is not RAM of the granter", STATUS, BAD_PAGE, "§3.3.3"),
  CLAIM_04F(
      "copy",
      "a write upgrade of a pinned entry whose frame has changed",
      STATUS,
      GENERAL_ERROR,
      "§3.5.3, V31",
      with(Difference.UPGRADE_CHECKS_FRAME)),
  CLAIM_05("copy", "the pinned page is a dying domain's or cannot be referenced any more", STATUS, BAD_DOMAIN, "§3.5.3"),

  SETUP_01("setup_table", "no such domain", STATUS, BAD_DOMAIN, "§3.8"),
  SETUP_02("setup_table", "the caller may not act on the target", STATUS, PERMISSION_DENIED, "§3.8"),
  SETUP_03("setup_table", "more frames than the table may have", STATUS, GENERAL_ERROR, "§3.8"),
  SETUP_04("setup_table", "the host has no memory for the new frames", STATUS, GENERAL_ERROR, "§3.8"),
  SETUP_05("setup_table", "the frame list cannot be written", STATUS, BAD_VIRT_ADDR, "§3.8, V24"),
  SETUP_06("setup_table", "the frames are listed", STATUS, OKAY, "§3.8"),
  SETUP_F9("setup_table", "the argument struct cannot be read", RETURN, -Errno.EFAULT, "§10.3 F9"),
  SETUP_F10("setup_table", "the status cannot be written", RETURN, -Errno.EFAULT, "§10.3 F10"),

  QUERY_01("query_size", "no such domain", STATUS, BAD_DOMAIN, "§3.8"),
  QUERY_02("query_size", "the caller may not act on the target", STATUS, PERMISSION_DENIED, "§3.8"),
  QUERY_03("query_size", "the sizes", STATUS, OKAY, "§3.8"),
  QUERY_F11R("query_size", "the argument struct cannot be read", RETURN, -Errno.EFAULT, "§10.3 F11"),
  QUERY_F11W("query_size", "the argument struct cannot be written", RETURN, -Errno.EFAULT, "§10.3 F11"),

  STATUS_01("get_status_frames", "no such domain", STATUS, BAD_DOMAIN, "§3.8"),
  STATUS_02("get_status_frames", "the caller may not act on the target", STATUS, PERMISSION_DENIED, "§3.8"),
  STATUS_03("get_status_frames", "more frames than there are; version 1 has none", STATUS, GENERAL_ERROR, "§3.8"),
  STATUS_05("get_status_frames", "the frame list cannot be written", STATUS, BAD_VIRT_ADDR, "§3.8, V24"),
  STATUS_04("get_status_frames", "the frames are listed", STATUS, OKAY, "§3.8"),
  STATUS_F12R("get_status_frames", "the argument struct cannot be read", RETURN, -Errno.EFAULT, "§10.3 F12"),
  STATUS_F12W("get_status_frames", "the status cannot be written", RETURN, -Errno.EFAULT, "§10.3 F12"),

  GETVER_01("get_version", "no such domain", RETURN, -Errno.ESRCH, "§3.8"),
  GETVER_02("get_version", "the caller may not act on the target", RETURN, -Errno.EPERM, "§3.8"),
  GETVER_03("get_version", "the version", RETURN, 0, "§3.8"),
  GETVER_F15R("get_version", "the argument struct cannot be read", RETURN, -Errno.EFAULT, "§10.3 F15"),
  GETVER_F15W("get_version", "the version cannot be written", RETURN, -Errno.EFAULT, "§10.3 F15"),

  SETVER_02("set_version", "there is no such version", RETURN, -Errno.EINVAL, "§4"),
  SETVER_03("set_version", "version 2 is not allowed to this domain", RETURN, -Errno.ENOSYS, "§4"),
  SETVER_04("set_version", "the version is in force already", RETURN, 0, "§4"),
  SETVER_05("set_version", "an entry that is not reserved is pinned", RETURN, -Errno.EBUSY, "§4"),
  SETVER_06("set_version", "the host has no memory for the status frames", RETURN, -Errno.ENOMEM, "§4"),
  SETVER_07(
      "set_version",
      "version 2: a sub-page or transitive copy is in flight",
      RETURN,
      -Errno.EAGAIN,
      "§4, V32",
      with(Difference.VERSION_WAITS_FOR_COPIES)),
  SETVER_08("set_version", "a reserved entry cannot be expressed in version 1", RETURN, -Errno.ERANGE, "§4"),
  SETVER_09A("set_version", "a status frame is still referenced: the domain crashes", RETURN, -Errno.EBUSY, "§4"),
  SETVER_09B("set_version", "a status frame does not leave the physmap: the domain crashes", RETURN, -Errno.EILSEQ, "§4"),
  SETVER_10("set_version", "switched", RETURN, 0, "§4"),
  SETVER_F13("set_version", "the argument struct cannot be read", RETURN, -Errno.EFAULT, "§10.3 F13"),
  SETVER_F14("set_version", "the version cannot be written", RETURN, -Errno.EFAULT, "§10.3 F14"),

  TRANS_01("transfer", "nothing is mapped at the guest frame", STATUS, BAD_PAGE, "§3.11, V22", without(Difference.TRANSFER_REFUSED)),
  TRANS_02("transfer", "no page can be taken away on Arm", STATUS, GENERAL_ERROR, "§3.11, V22", without(Difference.TRANSFER_REFUSED)),
  TRANS_F1("transfer", "the element cannot be read", RETURN, -Errno.EFAULT, "§3.11, V22", without(Difference.TRANSFER_REFUSED)),
  TRANS_F2(
      "transfer",
      "the element was performed and its status cannot be written",
      RETURN,
      -Errno.EFAULT,
      "§3.11, V22",
      without(Difference.TRANSFER_REFUSED)),

  SWAP_01A("swap_grant_ref", "the first reference is beyond the table", STATUS, BAD_GNTREF, "§3.9"),
  SWAP_01B("swap_grant_ref", "the second reference is beyond the table", STATUS, BAD_GNTREF, "§3.9"),
  SWAP_02("swap_grant_ref", "both references are the same", STATUS, OKAY, "§3.9"),
  SWAP_03A("swap_grant_ref", "the first entry is pinned", STATUS, EAGAIN, "§3.9"),
  SWAP_03B("swap_grant_ref", "the second entry is pinned", STATUS, EAGAIN, "§3.9"),
  SWAP_04("swap_grant_ref", "exchanged", STATUS, OKAY, "§3.9"),
  SWAP_F7R("swap_grant_ref", "the element cannot be read", RETURN, -Errno.EFAULT, "§10.3 F7"),
  SWAP_F7W("swap_grant_ref", "the element was performed and its status cannot be written", RETURN, -Errno.EFAULT, "§10.3 F7"),

  FLUSH_01("cache_flush", "offset, length or operation bits are out of range", RETURN, -Errno.EINVAL, "§3.10"),
  FLUSH_02A("cache_flush", "nothing to flush", RETURN, 0, "§3.10"),
  FLUSH_02B("cache_flush", "nothing to flush, yet the command carries a search position", RETURN, -Errno.EILSEQ, "§3.10"),
  FLUSH_03("cache_flush", "no such machine frame", RETURN, -Errno.EINVAL, "§3.10"),
  FLUSH_04("cache_flush", "the page has no owner", RETURN, -Errno.EPERM, "§3.10"),
  FLUSH_05("cache_flush", "the page is another's and not granted to the caller", RETURN, -Errno.EINVAL, "§3.10"),
  FLUSH_06("cache_flush", "flushed", RETURN, 0, "§3.10"),
  FLUSH_F8("cache_flush", "the element cannot be read", RETURN, -Errno.EFAULT, "§10.3 F8");

  private final Facts facts;

  GrantRule(String operation, String when, Kind kind, int result, String section) {
    this(operation, when, kind, result, section, Releases.ALL);
  }

  GrantRule(String operation, String when, Kind kind, int result, String section, Releases releases) {
    facts = new Facts(operation, when, kind, result, section, releases);
  }

  @Override
  public Facts facts() {
    return facts;
  }

  @Override
  public @Nullable String unreachable() {
    return switch (this) {
      case MAP_13B, UNMAP_08D -> "the vCPUs of a dying domain have stopped, and nobody else maps or unmaps for it (I68)";
      case UNMAP_05 -> "a table of version 1 has no fewer entries than when the handle was made (I53)";
      default -> null;
    };
  }
}
