package org.xenarium.scenarios.campaign;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.xenarium.emulator.semantics.Profile;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.driver.DriverVersion;

/** A campaign's options and state as lines of words with tabs between them: read again to go on, and easy to read for other programs. */
public final class StateFile {
  /** Raised with each change of what lines there are and what they mean. */
  private static final String FORMAT = "2";

  /** Of states that do not tell their format. */
  private static final String FIRST_FORMAT = "1";

  /** What kinds of lines there are. */
  private enum Line {
    OPTION,
    DONE,
    COUNT,
    RULE,
    PAIR,
    VIOLATION
  }

  private final Map<String, String> options = new HashMap<>();

  /** In which line each option stands. */
  private final Map<String, Integer> places = new HashMap<>();

  /** Which option was looked at last. */
  private String asked = "";

  private final CampaignState state = new CampaignState();

  /** Names of the properties that there are. */
  private final Collection<String> known;

  private StateFile(Collection<String> known) {
    this.known = known;
  }

  /** A file that is no state of a campaign. */
  public static final class FormatException extends Exception {
    private static final long serialVersionUID = 1;

    FormatException(Path file, int line, String message) {
      super(file + ":" + line + ": " + message);
    }
  }

  /** Options and state that were read. */
  public record Read(CampaignOptions options, CampaignState state) {}

  /** The lines of a campaign. */
  public static List<String> lines(CampaignOptions options, CampaignState state) {
    List<String> lines = new ArrayList<>();
    Map<String, Object> words = new LinkedHashMap<>();
    words.put("format", FORMAT);
    words.put("version", Campaign.VERSION);
    words.put("seed", options.seed());
    words.put("runs", options.runs());
    words.put("moves", options.moves());
    words.put("shard", options.shard() + "/" + options.shards());
    words.put("release", options.semantics().release());
    words.put("profile", lower(options.semantics().profile()));
    words.put("xsm", lower(options.semantics().policy()));
    words.put("driver", options.driver());
    words.put("properties", String.join(",", options.properties()));
    words.put("max-violations", options.maxViolations());
    words.forEach((name, value) -> lines.add(line(Line.OPTION, name, value)));
    lines.add(line(Line.DONE, state.done()));
    state.coverage().counts().forEach((name, times) -> lines.add(line(Line.COUNT, name, times)));
    List<Rule> rules = Coverage.allRules();
    for (int i = 0; i < rules.size(); i++) {
      lines.add(line(Line.RULE, rules.get(i).id(), state.coverage().get(i)));
    }
    state.coverage().pairs().stream()
        .forEach(pair -> lines.add(line(Line.PAIR, rules.get(pair / rules.size()).id(), rules.get(pair % rules.size()).id())));
    state.violations().forEach(violated -> lines.add(line(Line.VIOLATION, violated.run(), violated.finding().property(), violated.finding().what(),
        violated.finding().message().replaceAll("\\s+", " "))));
    return lines;
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }

  private static String line(Line kind, Object... words) {
    return lower(kind) + "\t" + String.join("\t", Arrays.stream(words).map(String::valueOf).toList());
  }

  /**
   * Reads the lines of a campaign again.
   *
   * @param known names of the properties that there are: a campaign of others cannot be gone on with
   * @throws FormatException also if they are of another version, in which the same seed makes other runs
   */
  public static Read read(Path file, Collection<String> known) throws IOException, FormatException {
    StateFile reader = new StateFile(known);
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    checkFormat(file, lines);
    for (int i = 0; i < lines.size(); i++) {
      try {
        reader.take(lines.get(i).split("\t", -1), i + 1);
      } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
        throw new FormatException(file, i + 1, "expected a line of a campaign's state, found '" + lines.get(i) + "'");
      }
    }
    try {
      reader.option("format");
      String version = reader.option("version");
      if (!version.equals(Campaign.VERSION)) {
        throw new FormatException(file, reader.place(), "a campaign of " + version + ", whose runs are not those of " + Campaign.VERSION);
      }
      return new Read(reader.options(), reader.state);
    } catch (IllegalArgumentException | ArithmeticException | ArrayIndexOutOfBoundsException e) {
      String value = reader.options.get(reader.asked);
      throw new FormatException(file, value == null ? Math.max(1, lines.size()) : reader.place(),
          value == null ? "the option " + reader.asked + " is missing" : "the option " + reader.asked + " cannot be '" + value + "'");
    }
  }

  /** The first line tells it, so that it is known what the others can be. */
  private static void checkFormat(Path file, List<String> lines) throws FormatException {
    String[] words = lines.isEmpty() ? new String[0] : lines.get(0).split("\t", -1);
    boolean isOption = words.length == 3 && words[0].equals("option");
    String format = isOption && words[1].equals("format") ? words[2] : isOption && words[1].equals("version") ? FIRST_FORMAT : FORMAT;
    if (!format.equals(FORMAT)) {
      throw new FormatException(file, 1, "a state in format " + format + ", expected format " + FORMAT);
    }
  }

  /** In which line the option stands that was looked at last. */
  private int place() {
    return places.getOrDefault(asked, 1);
  }

  private void take(String[] words, int line) {
    switch (Line.valueOf(words[0].toUpperCase(Locale.ROOT))) {
      case OPTION -> {
        if (options.put(words[1], words[2]) != null) {
          throw new IllegalArgumentException("option " + words[1] + " is there twice");
        }
        places.put(words[1], line);
      }
      case DONE -> state.setDone(Long.parseLong(words[1]));
      case COUNT -> state.coverage().count(words[1], Long.parseLong(words[2]));
      case RULE -> state.coverage().set(rule(words[1]), Long.parseLong(words[2]));
      case PAIR -> state.coverage().pairs().set(rule(words[1]) * Coverage.allRules().size() + rule(words[2]));
      case VIOLATION -> state.add(new Violated(Long.parseLong(words[1]), new Finding(words[2], words[3], words[4])));
    }
  }

  private static int rule(String id) {
    List<Rule> rules = Coverage.allRules();
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i).id().equals(id)) {
        return i;
      }
    }
    throw new IllegalArgumentException("there is no rule " + id);
  }

  private CampaignOptions options() {
    Semantics semantics = new Semantics(
        Release.named(option("release")).orElseThrow(() -> new IllegalArgumentException("release")), SecurityPolicy.valueOf(upper("xsm")));
    String[] shard = option("shard").split("/", -1);
    int part = Integer.parseInt(shard[0]);
    int parts = Integer.parseInt(shard[1]);
    if (part < 1 || part > parts || part > runs()) {
      asked = "shard";
      throw new IllegalArgumentException(asked);
    }
    return new CampaignOptions(
        Long.parseLong(option("seed")), runs(), Math.toIntExact(number("moves")), part, parts,
        semantics.withProfile(Profile.valueOf(upper("profile"))), DriverVersion.valueOf(option("driver")), names(),
        Math.toIntExact(number("max-violations")));
  }

  /** A number from 1 on. */
  private long number(String name) {
    long number = Long.parseLong(option(name));
    if (number < 1) {
      throw new IllegalArgumentException(name);
    }
    return number;
  }

  private long runs() {
    long runs = number("runs");
    if (runs > CampaignOptions.NO_END) {
      throw new IllegalArgumentException("runs");
    }
    return runs;
  }

  private String upper(String name) {
    return option(name).toUpperCase(Locale.ROOT);
  }

  private List<String> names() {
    String text = option("properties");
    List<String> names = text.isEmpty() ? List.of() : List.of(text.split(",", -1));
    if (!known.containsAll(names) || Set.copyOf(names).size() < names.size()) {
      throw new IllegalArgumentException("properties");
    }
    return names;
  }

  private String option(String name) {
    asked = name;
    String value = options.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name);
    }
    return value;
  }
}
