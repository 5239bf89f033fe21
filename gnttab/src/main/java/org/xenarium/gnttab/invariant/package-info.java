/**
 * What must always hold, as code with numbers: the invariants I1 to I72 and the rules D1 to D6 that well-behaved guests keep (spec §11).
 * {@link org.xenarium.gnttab.invariant.Invariants} is where to begin.
 */
@NullMarked
package org.xenarium.gnttab.invariant;

import org.jspecify.annotations.NullMarked;
