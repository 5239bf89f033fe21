/** Domains and their vCPUs, the code in flight on them, life and death. */
@NullMarked
package org.xenarium.emulator.domain;

import org.jspecify.annotations.NullMarked;
