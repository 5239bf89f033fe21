/** Which Xen is emulated: release and security policy. */
@NullMarked
package org.xenarium.emulator.semantics;

import org.jspecify.annotations.NullMarked;
