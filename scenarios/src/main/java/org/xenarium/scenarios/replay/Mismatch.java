package org.xenarium.scenarios.replay;

/**
 * An answer that is not the recorded one.
 *
 * @param field which answer
 * @param expected what was recorded
 * @param actual what the machine answered
 */
record Mismatch(String field, String expected, String actual) {}
