package org.xenarium.scenarios.campaign;

/**
 * A run in which something does not hold.
 *
 * @param run its number
 */
public record Violated(long run, Finding finding) {}
