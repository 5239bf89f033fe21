package org.xenarium.scenarios.replay;

import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/**
 * One recorded answer is made another one.
 *
 * @param answer which answer of which operation, such as {@code map status}
 * @param how what is made of it; empty where it becomes another value of its kind
 * @param lines the lines to change; several where the format repeats the answer
 * @param field what replay must call it, at the first of the lines
 * @param edit changes a line
 * @param isLast nothing follows that line any more
 */
record Change(String answer, String how, List<Integer> lines, String field, Consumer<ObjectNode> edit, boolean isLast) {
  Change(String answer, String how, int line, String field, Consumer<ObjectNode> edit) {
    this(answer, how, List.of(line), field, edit, false);
  }

  /** What is made of a frame number that replay sees for the first time; it learns that one. */
  static final String LEARNED = "of another frame, first shown here";

  /** Where replay must notice it. */
  int line() {
    return lines.getFirst();
  }

  boolean isToBeLearned() {
    return how.equals(LEARNED);
  }

  /** Which kind of change it is. */
  String kind() {
    return how.isEmpty() ? answer : answer + ", " + how;
  }
}
