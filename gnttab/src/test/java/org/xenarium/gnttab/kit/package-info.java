/**
 * What the tests of this module are written with: the start state of the specification's test vectors, typed writers and readers over the
 * byte-exact path, the invariants by their numbers, and random runs.
 */
@NullMarked
package org.xenarium.gnttab.kit;

import org.jspecify.annotations.NullMarked;
