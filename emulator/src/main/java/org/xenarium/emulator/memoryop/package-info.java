/** {@code memory_op}: what guests may do to physmaps and reservations. */
@NullMarked
package org.xenarium.emulator.memoryop;

import org.jspecify.annotations.NullMarked;
