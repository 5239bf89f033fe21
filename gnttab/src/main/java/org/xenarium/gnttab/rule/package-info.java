/** Every outcome of a grant-table operation has a name. */
@NullMarked
package org.xenarium.gnttab.rule;

import org.jspecify.annotations.NullMarked;
