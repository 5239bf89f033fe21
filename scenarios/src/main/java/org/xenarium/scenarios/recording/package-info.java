/**
 * Recordings of real systems, JSON Lines, read strictly and one line at a time.
 *
 * <p>Two formats exist, both described in docs/reference/recordings.md: the one of a real Xen on Arm64 ({@code Arm...} types) and the one
 * of Xen's own grant-table code with its hidden state ({@code Core...} types). {@link
 * org.xenarium.scenarios.recording.RecordingReader#open} tells them apart by the first line. Whatever is not in the format is an error with
 * file, line and, where known, column: a misspelt field that were silently ignored would make a replay compare less than it says.
 *
 * <p>A recording of a million lines is an everyday case: line objects are reused, texts meant for people are not decoded unless asked for,
 * and nothing is kept of a line once the next one is read.
 */
@NullMarked
package org.xenarium.scenarios.recording;

import org.jspecify.annotations.NullMarked;
