/** Failures on order: what a real system does rarely, a test or scenario can ask for. */
@NullMarked
package org.xenarium.emulator.fault;

import org.jspecify.annotations.NullMarked;
