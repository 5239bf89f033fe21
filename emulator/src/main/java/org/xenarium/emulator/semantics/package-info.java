/** Which Xen is emulated: release, profile, security policy, options; and how releases differ. */
@NullMarked
package org.xenarium.emulator.semantics;

import org.jspecify.annotations.NullMarked;
