package org.xenarium.scenarios.recording;

/**
 * A named number among the inputs or outputs of an {@link ArmOperation}.
 *
 * @param name as the recording spells it
 * @param offset bytes from the start of the argument struct; -1 if the operation passes none
 * @param size bytes that count: those of the field in the struct or, where no struct is passed, the low ones of the recorded number
 */
public record ArmField(String name, int offset, int size) {}
