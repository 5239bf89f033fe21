/** Event channels: ports, who is at the other end, and the bits in shared_info that tell a guest what is pending. */
@NullMarked
package org.xenarium.emulator.evtchn;

import org.jspecify.annotations.NullMarked;
