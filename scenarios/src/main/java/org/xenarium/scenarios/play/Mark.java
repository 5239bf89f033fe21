package org.xenarium.scenarios.play;

/**
 * A program begins or ends a step.
 *
 * @param step its index in the scenario
 */
record Mark(int step, boolean begins) {}
