/** Guest buffers, dispatch by number, and what the registers mean. */
@NullMarked
package org.xenarium.emulator.hypercall;

import org.jspecify.annotations.NullMarked;
