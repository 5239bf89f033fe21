/** Recordings as scenarios, and scenarios as recordings. */
@NullMarked
package org.xenarium.scenarios.convert;

import org.jspecify.annotations.NullMarked;
