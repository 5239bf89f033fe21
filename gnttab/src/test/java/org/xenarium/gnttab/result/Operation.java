package org.xenarium.gnttab.result;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenarium.gnttab.rule.GrantRule;

/** A column of the table of return values: an operation of grant_table_op, and the rules by which it succeeds and faults. */
enum Operation {
  MAP(0, GrantRule.MAP_14, GrantRule.MAP_F1, GrantRule.MAP_F2),
  UNMAP(1, GrantRule.UNMAP_11, GrantRule.UNMAP_F3, GrantRule.UNMAP_F4),
  UNMAP_AND_REPLACE(7, GrantRule.UNMAP_11, GrantRule.UNMAP_F3, GrantRule.UNMAP_F4),
  SETUP_TABLE(2, GrantRule.SETUP_06, GrantRule.SETUP_F9, GrantRule.SETUP_F10),
  COPY(5, GrantRule.COPY_11, GrantRule.COPY_F5, GrantRule.COPY_F6),
  QUERY_SIZE(6, GrantRule.QUERY_03, GrantRule.QUERY_F11R, GrantRule.QUERY_F11W),
  SET_VERSION(8, GrantRule.SETVER_04, GrantRule.SETVER_F13, GrantRule.SETVER_F14),
  GET_STATUS_FRAMES(9, GrantRule.STATUS_04, GrantRule.STATUS_F12R, GrantRule.STATUS_F12W),
  GET_VERSION(10, GrantRule.GETVER_03, GrantRule.GETVER_F15R, GrantRule.GETVER_F15W),
  SWAP_GRANT_REF(11, GrantRule.SWAP_04, GrantRule.SWAP_F7R, GrantRule.SWAP_F7W),
  CACHE_FLUSH(12, GrantRule.FLUSH_06, GrantRule.FLUSH_F8, null);

  /** Operations on arrays of any length. */
  static final List<Operation> BATCHED = List.of(MAP, UNMAP, UNMAP_AND_REPLACE, COPY, SWAP_GRANT_REF, CACHE_FLUSH);

  /** Operations on exactly one struct. */
  static final List<Operation> SINGLE = List.of(SETUP_TABLE, QUERY_SIZE, GET_STATUS_FRAMES);

  /** Operations on one struct that do not look at the count. */
  static final List<Operation> UNCOUNTED = List.of(SET_VERSION, GET_VERSION);

  static final List<Operation> ALL = List.of(values());

  final int command;
  final GrantRule success;
  final GrantRule unreadable;
  final @Nullable GrantRule unwritable;

  Operation(int command, GrantRule success, GrantRule unreadable, @Nullable GrantRule unwritable) {
    this.command = command;
    this.success = success;
    this.unreadable = unreadable;
    this.unwritable = unwritable;
  }
}
