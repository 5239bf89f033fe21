/** Machine frames: content, owner, references. */
@NullMarked
package org.xenarium.emulator.memory;

import org.jspecify.annotations.NullMarked;
