/** Guest frame to machine frame and type. */
@NullMarked
package org.xenarium.emulator.physmap;

import org.jspecify.annotations.NullMarked;
