/** The rules of all parts of the machine together. */
@NullMarked
package org.xenarium.scenarios.rule;

import org.jspecify.annotations.NullMarked;
