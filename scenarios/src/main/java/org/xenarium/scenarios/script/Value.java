package org.xenarium.scenarios.script;

import java.util.List;
import java.util.stream.Collectors;

/** A number as a scenario gives it: written out, or by something that is known only when the machine runs. Prints itself as YAML takes it. */
public sealed interface Value {
  /** A number written out, or a name of the ABI. */
  record Number(long value, String text) implements Value {
    /** A decimal number. */
    public static Number of(long value) {
      return new Number(value, Long.toString(value));
    }

    /** A hexadecimal number, of 64 bits without sign. */
    public static Number hex(long value) {
      return new Number(value, "0x" + Long.toHexString(value));
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** The domid of a domain of the scenario. */
  record DomainId(String domain) implements Value {
    @Override
    public String toString() {
      return domain;
    }
  }

  /**
   * A page of a domain's address space.
   *
   * @param prefix the domain as it is written in front; empty where the page is one's own
   * @param domain whose it is
   * @param index from 0
   * @param address whether the address of its first byte is meant instead of its frame number
   */
  record Page(String prefix, String domain, Area area, long index, boolean address) implements Value {
    @Override
    public String toString() {
      return (prefix.isEmpty() ? "" : prefix + ".") + area.spelling() + "." + index;
    }
  }

  /**
   * What an earlier step gave back.
   *
   * @param name of that step
   * @param step its index
   * @param element of a batch; 0 of a single operation
   * @param column which of its results, see {@link Column}
   * @param type what kind of number that is
   */
  record Result(String name, int step, int element, int column, FieldType type, String text) implements Value {
    @Override
    public String toString() {
      return text;
    }
  }

  /** A page of which it is written out whether its frame number or its address is meant. */
  record Converted(String function, Value value) implements Value {
    @Override
    public String toString() {
      return function + "(" + value + ")";
    }
  }

  /** Several values added. */
  record Sum(List<Value> parts) implements Value {
    public Sum {
      parts = List.copyOf(parts);
    }

    @Override
    public String toString() {
      return parts.stream().map(Value::toString).collect(Collectors.joining(" + ")).replace("+ -", "- ");
    }
  }

  /** A value with its sign turned. */
  record Negative(Value value) implements Value {
    @Override
    public String toString() {
      return "-" + value;
    }
  }

  /** Numbers, such as those of guest frames, that are stored one behind the other and stand for the address of the first. */
  record Items(List<Value> items) implements Value {
    public Items {
      items = List.copyOf(items);
    }

    @Override
    public String toString() {
      return items.stream().map(Value::toString).collect(Collectors.joining(", ", "[", "]"));
    }
  }

  /** A question about the state of the machine; only conditions ask. */
  record Question(StateFunction function, String domain, List<Value> arguments) implements Value {
    public Question {
      arguments = List.copyOf(arguments);
    }

    @Override
    public String toString() {
      return function.spelling() + arguments.stream().map(value -> ", " + value).collect(Collectors.joining("", "(" + domain, ")"));
    }
  }
}
