/**
 * The operations of {@code grant_table_op}, one file each. An operation is a routine with one method per indivisible step of spec §8.2, each
 * returning the phase that comes next.
 */
@NullMarked
package org.xenarium.gnttab.op;

import org.jspecify.annotations.NullMarked;
