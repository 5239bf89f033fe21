/** Grant tables: the hypervisor's side of {@code grant_table_op} and the guest's driver. */
@NullMarked
package org.xenarium.gnttab;

import org.jspecify.annotations.NullMarked;
