package org.xenarium.scenarios.script;

import java.util.ArrayList;
import java.util.List;

/**
 * The results of a step, which are kept as a row of numbers: first those of the step as a whole, {@link #RETURNS} and so on, then for each
 * element the status and the outputs.
 */
public final class Column {
  /** How far the step is, see {@link Progress}. */
  public static final int PROGRESS = 0;
  /** What the call returned. */
  public static final int RETURNS = 1;
  /** The address of an abort. */
  public static final int FAULT = 2;
  /** When it began. */
  public static final int BEGAN = 3;
  /** When it ended. */
  public static final int ENDED = 4;
  /** Columns of the step as a whole; those of its elements follow. */
  public static final int OF_STEP = 5;

  private Column() {}

  /** How many columns an element has. */
  public static int perElement(Operation operation) {
    return 1 + operation.out().size();
  }

  /** How long the row of a step is. */
  public static int width(Step step) {
    return OF_STEP + step.elements().size() * perElement(step.operation());
  }

  /** The column of an element's status. */
  public static int status(Operation operation, int element) {
    return OF_STEP + element * perElement(operation);
  }

  /** The column of an element's output. */
  public static int out(Operation operation, int element, int output) {
    return status(operation, element) + 1 + output;
  }

  /** Names of the results of one element, those of the whole step first. */
  static List<String> names(Operation operation) {
    List<String> names = new ArrayList<>();
    if (operation.returnsSomething()) {
      names.add("returns");
    }
    if (operation.hasStatus()) {
      names.add("status");
    }
    operation.out().forEach(field -> names.add(field.name()));
    return names;
  }

  /** The column of that name; -1 if the operation has none. */
  static int named(Operation operation, int element, String name) {
    if (name.equals("returns")) {
      return operation.returnsSomething() ? RETURNS : -1;
    }
    if (name.equals("status")) {
      return operation.hasStatus() ? status(operation, element) : -1;
    }
    for (int i = 0; i < operation.out().size(); i++) {
      if (operation.out().get(i).name().equals(name)) {
        return out(operation, element, i);
      }
    }
    return -1;
  }

  /** What kind of number the result of that name is. */
  static FieldType type(Operation operation, String name) {
    if (name.equals("returns")) {
      return operation.returns();
    }
    if (name.equals("status")) {
      return FieldType.STATUS;
    }
    return operation.out().stream().filter(field -> field.name().equals(name)).findFirst().orElseThrow().type();
  }
}
