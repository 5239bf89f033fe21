/** What a guest's kernel does on a vCPU and in its own memory: threads, semaphores, a heap. */
@NullMarked
package org.xenarium.emulator.guest;

import org.jspecify.annotations.NullMarked;
