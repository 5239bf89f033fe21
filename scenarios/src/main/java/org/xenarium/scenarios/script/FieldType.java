package org.xenarium.scenarios.script;

import java.util.List;
import java.util.OptionalLong;

/** What a number in a scenario stands for. It decides which names it may be written with, and whether a page means its frame or its address. */
public enum FieldType {
  /** Any number. */
  NUMBER("a number", Symbols.Group.NONE),
  /** A domain: its name in the scenario, {@code SELF}, or a domid. */
  DOMAIN("a domain", Symbols.Group.DOMAINS),
  /** A guest frame number; a page stands for its frame. */
  GFN("a page or guest frame number", Symbols.Group.NONE),
  /** One end of a copy: as {@link #GFN}, or a grant reference where flags say so. */
  GFN_OR_REF("a page, guest frame number or grant reference", Symbols.Group.NONE),
  /** A guest-physical address in bytes; a page stands for its first byte. */
  ADDRESS("a page or address", Symbols.Group.NONE),
  /** As {@link #ADDRESS}, or a list of guest frame numbers, which is stored first, that of a domain's first actor at page {@code lists.0}. */
  FRAME_LIST("an address or a list of pages", Symbols.Group.NONE),
  /** An address, or a list of event ports, which are stored first in the same way, four bytes each. */
  PORT_LIST("an address or a list of ports", Symbols.Group.NONE),
  /** A grant reference. */
  REF("a grant reference", Symbols.Group.NONE),
  /** A handle of the maptrack. */
  HANDLE("a handle", Symbols.Group.NONE),
  /** {@code true} or {@code false}. */
  FLAG("true or false", Symbols.Group.NONE),
  /** A span of virtual time, such as {@code 10ms}. */
  TIME("a time", Symbols.Group.NONE),
  /** {@code GTF_*}. */
  GRANT_FLAGS("flags of a grant entry", Symbols.Group.GRANT_FLAGS),
  /** {@code GNTMAP_*}. */
  MAP_FLAGS("flags of a mapping", Symbols.Group.MAP_FLAGS),
  /** {@code GNTCOPY_*}. */
  COPY_FLAGS("flags of a copy", Symbols.Group.COPY_FLAGS),
  /** {@code GNTTAB_CACHE_*}. */
  CACHE_FLAGS("what to do with the cache", Symbols.Group.CACHE_FLAGS),
  /** {@code XENMAPSPACE_*}. */
  SPACE("an address space", Symbols.Group.SPACES),
  /** {@code XENMEM_resource_*}. */
  RESOURCE("a kind of resource", Symbols.Group.RESOURCES),
  /** {@code GNTST_*}. */
  STATUS("a status", Symbols.Group.STATUSES),
  /** What a call returns: a number or the negative of an errno, {@code -EFAULT}. */
  RETURN("a number or an errno such as -EFAULT", Symbols.Group.ERRNOS),
  /** What gnttabop_error says. */
  TEXT("a text of gnttabop_error", Symbols.Group.TEXTS),
  /** Type of a physmap entry. */
  ENTRY_TYPE("a type of a physmap entry", Symbols.Group.ENTRY_TYPES),
  /** A machine frame, or {@code hole}. */
  MFN("a machine frame", Symbols.Group.FRAMES),
  /** What is to fail. */
  FAULT("a kind of failure", Symbols.Group.FAULTS),
  /** Where a domain stands between creation and disappearance. */
  LIFE("a stage of a domain's life", Symbols.Group.LIVES);

  private final String words;
  private final Symbols.Group group;

  FieldType(String words, Symbols.Group group) {
    this.words = words;
    this.group = group;
  }

  /** What is expected, for messages and reference. */
  String words() {
    return words;
  }

  Symbols.Group group() {
    return group;
  }

  /** The names that stand for a number of this type. */
  public List<String> symbols() {
    return group.names();
  }

  /** The name of a number of this type; the number itself where it has none. */
  public String name(long value) {
    return isFlags() ? group.bits(value) : group.name(value);
  }

  /** The number that a name of this type stands for. */
  public OptionalLong symbol(String name) {
    return group.value(name);
  }

  /** True where several names in a list stand for the sum of their bits. */
  boolean isFlags() {
    return this == GRANT_FLAGS || this == MAP_FLAGS || this == COPY_FLAGS || this == CACHE_FLAGS;
  }

  /** True where a page may stand. */
  boolean takesPages() {
    return this == GFN || this == GFN_OR_REF || takesAddresses();
  }

  /** True where a page stands for the address of its first byte. */
  boolean takesAddresses() {
    return this == ADDRESS || isList();
  }

  /** True where a list of numbers may stand, whose address is meant. */
  boolean isList() {
    return this == FRAME_LIST || this == PORT_LIST;
  }

  /** Bytes of each number in such a list. */
  public int itemSize() {
    return this == PORT_LIST ? Integer.BYTES : Long.BYTES;
  }
}
