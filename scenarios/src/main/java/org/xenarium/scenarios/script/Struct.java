package org.xenarium.scenarios.script;

import org.xenarium.emulator.hypercall.Multicall;
import org.xenarium.gnttab.abi.GnttabOp;

/**
 * How the arguments of a hypercall lie in memory.
 *
 * @param hypercall its number
 * @param command its first argument; {@link #NO_COMMAND} where the pointer comes first
 * @param size bytes of the argument struct, or of each in an array; 0 where nothing is pointed to
 * @param statusOffset of the signed 16-bit status in it; -1 if it has none
 */
public record Struct(int hypercall, int command, int size, int statusOffset) {
  /** Of hypercalls whose first argument is the pointer. */
  public static final int NO_COMMAND = -1;

  static final int NO_STATUS = -1;

  /** Whether the hypercall takes a count of structs. */
  public boolean isCounted() {
    return hypercall == GnttabOp.HYPERCALL || hypercall == Multicall.HYPERCALL;
  }
}
