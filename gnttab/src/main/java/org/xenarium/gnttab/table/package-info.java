/** The state of a grant table: shared entries, active entries, maptrack. */
@NullMarked
package org.xenarium.gnttab.table;

import org.jspecify.annotations.NullMarked;
