/** The invariants of spec §11 that a state or a call can be checked against, each under its number. */
@NullMarked
package org.xenarium.gnttab.kit.invariant;

import org.jspecify.annotations.NullMarked;
