/**
 * Numbers and byte layouts of Xen's public grant-table interface ({@code xen/include/public/grant_table.h}).
 *
 * <p>All structures are little-endian and laid out for the 64-bit Arm ABI; a layout class names the offset in bytes of each field.
 * See spec section 1.
 */
@NullMarked
package org.xenarium.gnttab.abi;

import org.jspecify.annotations.NullMarked;
