/**
 * What the tests of this module are written with: the start state of the specification's test vectors, typed writers and readers over the
 * byte-exact path, and random runs. Every bench is watched for all invariants.
 */
@NullMarked
package org.xenarium.gnttab.kit;

import org.jspecify.annotations.NullMarked;
