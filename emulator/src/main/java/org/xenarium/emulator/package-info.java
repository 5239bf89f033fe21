/**
 * The machine: virtual time, frames, domains, physmaps, hypercalls. Knows nothing of grant tables but that some physmap entries are of a
 * mapped kind. Read the packages in this order: state, time, memory, physmap, domain, hypercall, memoryop, trace; then {@code Machine}.
 */
@NullMarked
package org.xenarium.emulator;

import org.jspecify.annotations.NullMarked;
