/** Virtual time: the clock and the queue of what happens next. */
@NullMarked
package org.xenarium.emulator.time;

import org.jspecify.annotations.NullMarked;
