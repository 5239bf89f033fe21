/** What runs have shown, for people and for programs. */
@NullMarked
package org.xenarium.scenarios.report;

import org.jspecify.annotations.NullMarked;
