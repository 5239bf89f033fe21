/** Playing scenarios: the machine that one describes, the guest programs, what came out, and whether it was expected. */
@NullMarked
package org.xenarium.scenarios.play;

import org.jspecify.annotations.NullMarked;
