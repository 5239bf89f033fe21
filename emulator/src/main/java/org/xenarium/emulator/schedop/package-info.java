/** Hypercall 29, by which a guest gives up the processor, waits for events, or ends itself. */
@NullMarked
package org.xenarium.emulator.schedop;

import org.jspecify.annotations.NullMarked;
