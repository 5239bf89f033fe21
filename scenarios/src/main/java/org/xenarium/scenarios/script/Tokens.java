package org.xenarium.scenarios.script;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words and signs of a value or condition, and which of them is next. */
final class Tokens {
  private static final Pattern TOKEN = Pattern.compile("\\s*(0x[0-9a-fA-F]+|[0-9]+(?:ns|us|ms|s)?(?![A-Za-z_])|[A-Za-z_][A-Za-z0-9_]*|==|!=|<=|>=|[-+.,()<>]|\\[|\\])\\s*");

  /** A value that cannot be read, and where in its text. */
  static final class Mistake extends Exception {
    private static final long serialVersionUID = 1L;

    private final int offset;

    Mistake(int offset, String problem) {
      super(problem);
      this.offset = offset;
    }

    int offset() {
      return offset;
    }

    String problem() {
      return String.valueOf(getMessage());
    }
  }

  private final String text;
  private final List<String> words = new ArrayList<>();
  private final List<Integer> offsets = new ArrayList<>();
  private int next;

  Tokens(String text) throws Mistake {
    this.text = text;
    Matcher matcher = TOKEN.matcher(text);
    int at = 0;
    while (at < text.length()) {
      if (!matcher.find(at) || matcher.start() != at) {
        throw new Mistake(at, "cannot be understood from \"" + text.substring(at).strip() + "\" on");
      }
      words.add(matcher.group(1));
      offsets.add(matcher.start(1));
      at = matcher.end();
    }
  }

  /** The next word; empty at the end. */
  String peek() {
    return next < words.size() ? words.get(next) : "";
  }

  String take() {
    String word = peek();
    next++;
    return word;
  }

  /** Takes the word if it is the next. */
  boolean takes(String word) {
    boolean is = peek().equals(word);
    if (is) {
      next++;
    }
    return is;
  }

  void expect(String word) throws Mistake {
    if (!takes(word)) {
      throw mistake("expected \"" + word + "\"" + (peek().isEmpty() ? "" : " before \"" + peek() + "\""));
    }
  }

  /** Where the next word begins. */
  int offset() {
    return next < words.size() ? offsets.get(next) : text.length();
  }

  boolean nextIsNumber() {
    return !peek().isEmpty() && Character.isDigit(peek().charAt(0));
  }

  /** Is the word behind the next one a number? */
  boolean isFollowedByNumber() {
    return next + 1 < words.size() && Character.isDigit(words.get(next + 1).charAt(0));
  }

  boolean nextIsName() {
    return !peek().isEmpty() && (Character.isLetter(peek().charAt(0)) || peek().charAt(0) == '_');
  }

  /** The text that was read since the word at {@code from}. */
  String since(int from) {
    return text.substring(from, offset()).strip();
  }

  Mistake mistake(String problem) {
    return new Mistake(offset(), problem);
  }
}
