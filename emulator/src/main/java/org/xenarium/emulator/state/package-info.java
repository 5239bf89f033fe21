/** What every part of a machine is built from: bytes that copy cheaply and have a stable digest. */
@NullMarked
package org.xenarium.emulator.state;

import org.jspecify.annotations.NullMarked;
