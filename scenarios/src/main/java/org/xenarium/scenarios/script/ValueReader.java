package org.xenarium.scenarios.script;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.xenarium.scenarios.recording.Spelling;
import org.xenarium.scenarios.script.Scope.Outline;
import org.xenarium.scenarios.script.Tokens.Mistake;

/**
 * Understands one value: a sum of numbers, names of the ABI, domains, pages and results of steps. What kind of number is expected decides
 * which names it may have, and how a page is meant.
 */
final class ValueReader {
  private final Tokens tokens;
  private final Scope scope;

  ValueReader(Tokens tokens, Scope scope) {
    this.tokens = tokens;
    this.scope = scope;
  }

  /** A whole text as a value. */
  static Value read(String text, FieldType type, Scope scope) throws Mistake {
    Tokens tokens = new Tokens(text);
    if (tokens.peek().isEmpty()) {
      throw tokens.mistake("expected " + type.words() + ", found nothing");
    }
    Value value = new ValueReader(tokens, scope).sum(type);
    if (!tokens.peek().isEmpty()) {
      throw tokens.mistake("expected the end of the value, found \"" + tokens.peek() + "\"");
    }
    return value;
  }

  /** What kind of number a value is that says it itself; {@link FieldType#NUMBER} for others. */
  static FieldType typeOf(Value value) {
    return switch (value) {
      case Value.Question question -> question.function().type();
      case Value.Result result -> result.type();
      case Value.DomainId domain -> FieldType.DOMAIN;
      default -> FieldType.NUMBER;
    };
  }

  Value sum(FieldType type) throws Mistake {
    List<Value> parts = new ArrayList<>();
    parts.add(tokens.takes("-") ? negative(type) : item(type));
    while (tokens.peek().equals("+") || tokens.peek().equals("-")) {
      // What is added to a page or to a name of the ABI is a plain number, but for flags, which add up.
      boolean minus = tokens.take().equals("-");
      FieldType added = type.isFlags() ? type : FieldType.NUMBER;
      parts.add(minus ? negative(added) : item(added));
    }
    return parts.size() == 1 ? parts.get(0) : new Value.Sum(parts);
  }

  private Value negative(FieldType type) throws Mistake {
    boolean returned = type == FieldType.REF || type == FieldType.ADDRESS;
    OptionalLong errno = (returned ? FieldType.RETURN : type).group().value("-" + tokens.peek());
    if (errno.isPresent()) {
      return new Value.Number(errno.getAsLong(), "-" + tokens.take());
    }
    if (tokens.nextIsNumber()) {
      Value.Number number = number(type);
      return new Value.Number(-number.value(), "-" + number.text());
    }
    return new Value.Negative(item(type));
  }

  private Value item(FieldType type) throws Mistake {
    if (tokens.nextIsNumber()) {
      return number(type);
    }
    if (!tokens.nextIsName()) {
      throw tokens.mistake("expected " + type.words() + (tokens.peek().isEmpty() ? "" : ", found \"" + tokens.peek() + "\""));
    }
    int from = tokens.offset();
    String name = tokens.take();
    if (tokens.peek().equals("(")) {
      return call(name, from);
    }
    if (type == FieldType.FLAG && (name.equals("true") || name.equals("false"))) {
      return new Value.Number(name.equals("true") ? 1 : 0, name);
    }
    OptionalLong symbol = type.group().value(name);
    if (symbol.isPresent()) {
      return new Value.Number(symbol.getAsLong(), name);
    }
    Area area = Area.named(name);
    if (area != null) {
      return page(area, scope.actor(), type, from);
    }
    if (scope.domains().containsKey(name)) {
      return domain(name, type, from);
    }
    Outline outline = scope.results().get(name);
    if (outline != null) {
      return result(name, outline, type, from);
    }
    throw new Mistake(from, "unknown name \"" + name + "\", expected " + type.words() + hint(name, type));
  }

  private String hint(String name, FieldType type) {
    String near = Spelling.nearest(name, scope.names(type));
    if (near != null) {
      return "; did you mean \"" + near + "\"?";
    }
    return type.symbols().isEmpty() || type == FieldType.RETURN ? "" : "; known are " + String.join(", ", type.symbols());
  }

  private Value.Number number(FieldType type) throws Mistake {
    int from = tokens.offset();
    String text = tokens.take();
    Long value = type == FieldType.TIME ? Numbers.nanos(text) : Numbers.parse(text);
    if (value == null) {
      throw new Mistake(from, "expected " + type.words() + (type == FieldType.TIME ? " such as 10ms" : "") + ", found " + text);
    }
    return new Value.Number(value, text);
  }

  private Value domain(String name, FieldType type, int from) throws Mistake {
    if (tokens.takes(".")) {
      Area area = Area.named(tokens.peek());
      if (area == null) {
        throw tokens.mistake("expected ram, free, grants or lists after \"" + name + ".\"");
      }
      tokens.take();
      return page(area, name, type, from);
    }
    if (type != FieldType.DOMAIN) {
      throw new Mistake(from, "expected " + type.words() + ", found the domain " + name);
    }
    return new Value.DomainId(name);
  }

  private Value page(Area area, @Nullable String domain, FieldType type, int from) throws Mistake {
    long index = index();
    String text = area.spelling() + "." + index;
    if (domain == null) {
      throw new Mistake(from, text + ": whose page is meant? write A." + text + " for that of a domain A");
    }
    if (!type.takesPages()) {
      throw new Mistake(from, "expected " + type.words() + ", found the page " + text
          + (type == FieldType.NUMBER || type == FieldType.RETURN ? "; write gfn(" + text + ") or addr(" + text + ")" : ""));
    }
    DomainSetup owner = scope.domains().get(domain);
    if (owner != null && index >= area.pages(owner)) {
      throw new Mistake(from, text + ": domain " + domain + " has " + area.pages(owner) + " pages there, 0 to " + (area.pages(owner) - 1));
    }
    boolean own = domain.equals(scope.actor());
    return new Value.Page(own ? "" : domain, domain, area, index, type.takesAddresses());
  }

  /** A number behind a name: {@code .3} or {@code [3]}. */
  private long index() throws Mistake {
    boolean bracket = tokens.takes("[");
    if (!bracket) {
      tokens.expect(".");
    }
    if (!tokens.nextIsNumber()) {
      throw tokens.mistake("expected a number after the dot");
    }
    long index = number(FieldType.NUMBER).value();
    if (bracket) {
      tokens.expect("]");
    }
    return index;
  }

  private Value result(String name, Outline outline, FieldType type, int from) throws Mistake {
    if (!scope.sees(outline)) {
      throw new Mistake(from, "\"" + name + "\" is the result of this step or of a later one");
    }
    int element = 0;
    boolean indexed = tokens.peek().equals("[");
    if (tokens.peek().equals(".") || indexed) {
      element = element(name, outline);
    }
    String column = Column.names(outline.operation()).isEmpty() ? "returns" : Column.names(outline.operation()).get(0);
    if (tokens.takes(".")) {
      column = tokens.take();
    }
    int at = Column.named(outline.operation(), element, column);
    if (at < 0) {
      List<String> given = Column.names(outline.operation());
      throw new Mistake(from, outline.operation().spelling() + " gives "
          + (given.isEmpty() ? "nothing back" : "no \"" + column + "\"; it gives " + String.join(", ", given)));
    }
    FieldType found = Column.type(outline.operation(), column);
    if (!fits(found, type)) {
      throw new Mistake(from, "expected " + type.words() + ", found " + tokens.since(from) + ", which is " + found.words());
    }
    return new Value.Result(name, outline.step(), element, at, found, tokens.since(from));
  }

  /** The element of a batch, where one is named: {@code m.1.handle}. */
  private int element(String name, Outline outline) throws Mistake {
    int from = tokens.offset();
    boolean bracket = tokens.takes("[");
    if (!bracket) {
      if (!tokens.isFollowedByNumber()) {
        return 0;
      }
      tokens.expect(".");
    }
    long element = number(FieldType.NUMBER).value();
    if (bracket) {
      tokens.expect("]");
    }
    if (element < 0 || element >= outline.elements()) {
      throw new Mistake(from, "\"" + name + "\" has " + outline.elements() + " elements, 0 to " + (outline.elements() - 1));
    }
    return (int) element;
  }

  /** Mixing up references, handles and pages is a mistake; plain numbers and returns may be anything. */
  private static boolean fits(FieldType found, FieldType expected) {
    boolean isEnd = expected == FieldType.GFN_OR_REF && (found == FieldType.GFN || found == FieldType.REF);
    return isEnd || found == expected || isPlain(found) || isPlain(expected) || found.takesAddresses() && expected.takesAddresses();
  }

  private static boolean isPlain(FieldType type) {
    return type == FieldType.NUMBER || type == FieldType.RETURN;
  }

  private Value call(String name, int from) throws Mistake {
    tokens.expect("(");
    if (name.equals("gfn") || name.equals("addr")) {
      Value value = sum(name.equals("gfn") ? FieldType.GFN : FieldType.ADDRESS);
      tokens.expect(")");
      return new Value.Converted(name, value);
    }
    StateFunction function = StateFunction.named(name);
    if (function == null || !scope.conditions()) {
      throw new Mistake(from, "unknown function \"" + name + "\"" + (function != null ? "; only conditions ask for the state of the machine" : functionHint(name)));
    }
    String domain = tokens.take();
    if (!scope.domains().containsKey(domain)) {
      throw new Mistake(from, function.spelling() + ": expected a domain first, found \"" + domain + "\"");
    }
    List<Value> arguments = new ArrayList<>();
    for (FieldType parameter : function.parameters()) {
      tokens.expect(",");
      arguments.add(new ValueReader(tokens, scope.of(domain)).sum(parameter));
    }
    tokens.expect(")");
    return new Value.Question(function, domain, arguments);
  }

  private static String functionHint(String name) {
    String near = Spelling.nearest(name, StateFunction.names());
    return near == null ? "" : "; did you mean \"" + near + "\"?";
  }
}
