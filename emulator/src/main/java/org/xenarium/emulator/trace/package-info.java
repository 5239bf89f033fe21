/** What happened, in order, and the names of the rules that decided it. */
@NullMarked
package org.xenarium.emulator.trace;

import org.jspecify.annotations.NullMarked;
