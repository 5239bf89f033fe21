/**
 * The guest's side: Zephyr's grant-table API as routines of steps over guest memory and hypercalls. What a call returns is in x0, as in the
 * C calling convention. The calls behave as the API documentation promises, or as one of the versions of Zephyr's code did.
 */
@NullMarked
package org.xenarium.gnttab.driver;

import org.jspecify.annotations.NullMarked;
