/** The command line: parse, call, print. */
@NullMarked
package org.xenarium.scenarios.cli;

import org.jspecify.annotations.NullMarked;
