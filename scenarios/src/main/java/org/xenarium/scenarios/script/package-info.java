/**
 * The scenario language: what a scenario is, the one table of its operations and fields, reading it from YAML and writing it, and the
 * schema and reference made from the table.
 */
@NullMarked
package org.xenarium.scenarios.script;

import org.jspecify.annotations.NullMarked;
