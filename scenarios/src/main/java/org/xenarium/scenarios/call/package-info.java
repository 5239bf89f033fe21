/**
 * The calls of guests as those see them who look on, whatever plays them, a scenario or the moves of a run; and what is to hold of them that no
 * invariant says ({@link org.xenarium.scenarios.script.CallProperty}).
 */
@NullMarked
package org.xenarium.scenarios.call;

import org.jspecify.annotations.NullMarked;
