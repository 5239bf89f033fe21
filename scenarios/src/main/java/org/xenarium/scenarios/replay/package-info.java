/** Plays recordings of real systems on the emulated machine and compares every answer. */
@NullMarked
package org.xenarium.scenarios.replay;

import org.jspecify.annotations.NullMarked;
