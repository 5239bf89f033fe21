package org.xenarium.scenarios.property;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.List;
import net.jqwik.api.JqwikException;
import net.jqwik.api.lifecycle.Store;
import org.jspecify.annotations.Nullable;
import org.xenarium.scenarios.campaign.Finding;
import org.xenarium.scenarios.vocabulary.Setting;

/**
 * What the tries of one jqwik property have found so far: what it was first, and the smallest counterexample of that, which is in a file. Outside of
 * jqwik each check is a run of its own.
 */
final class PropertyRun {
  private static final Path FOLDER = Path.of("target", "xenarium");

  /** A property that makes new arbitraries in each try needs only the last ones. */
  private static final int MOST_ASKED = 8;

  /** Empty outside of jqwik. */
  private final String name;

  /** How the settings were asked for, last first. */
  private final ArrayDeque<SettingArbitrary> asked = new ArrayDeque<>();

  private boolean hasBegun;
  private @Nullable Finding first;
  private @Nullable Counterexample smallest;

  /** Of the tries so far. */
  private final Evidence evidence = new Evidence();

  PropertyRun(String name) {
    this.name = name;
  }

  /** The run of the property that is being tried. */
  static PropertyRun current() {
    try {
      return Store.<PropertyRun>get(PropertyHook.RUN).get();
    } catch (JqwikException | LinkageError e) {
      return new PropertyRun("");
    }
  }

  /** The first try removes what an earlier run has left. */
  void begin() {
    if (!hasBegun && !name.isEmpty()) {
      try {
        Files.deleteIfExists(file(name));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    hasBegun = true;
  }

  /** Whether a counterexample was made as small as it gets, so that jqwik need not. */
  boolean isReduced() {
    return smallest != null;
  }

  /** Settings are drawn that are asked for like that. */
  void asks(SettingArbitrary settings) {
    if (!asked.contains(settings)) {
      asked.addFirst(settings);
      if (asked.size() > MOST_ASKED) {
        asked.removeLast();
      }
    }
  }

  /** Whether a plainer setting is still what was asked for. A setting that nobody asked for like that stays as it is. */
  boolean allows(Setting setting, Setting plainer) {
    List<SettingArbitrary> its = asked.stream().filter(one -> one.allows(setting)).toList();
    return plainer.equals(setting) || !its.isEmpty() && its.stream().allMatch(one -> one.allows(plainer));
  }

  Evidence evidence() {
    return evidence;
  }

  /** If nothing was found, what that rests on; empty if something was, or if nothing was played. */
  String held() {
    return first == null && evidence.isAny() ? evidence.text() : "";
  }

  /** Whether it is the same as what was found first: while that is made smaller, something else may turn up, which is not followed. */
  boolean isOfInterest(Finding finding) {
    if (first == null) {
      first = finding;
    }
    return finding.isLike(first);
  }

  /**
   * Saves a counterexample unless a smaller one was saved.
   *
   * @return what to say about it; with the scenario outside of jqwik only, where {@link #counterexample} is printed once
   */
  String keep(Counterexample found) {
    Path file = file(name.isEmpty() ? found.finding().property() : name);
    Counterexample kept = smallest;
    if (kept == null || found.size() <= kept.size()) {
      kept = found;
      smallest = found;
      write(file, found.yaml());
    }
    String text = kept.finding() + "\n" + steps(kept) + " it: ./xenarium run " + file;
    String remark = kept.isWatchedFor() ? "" : "\n" + Counterexample.NOT_WATCHED_FOR;
    return text + remark + (name.isEmpty() ? "\n\n" + kept.yaml() : "");
  }

  private static String steps(Counterexample kept) {
    String verb = kept.isWatchedFor() ? "show" : "lead";
    String to = kept.isWatchedFor() ? "" : " to";
    return kept.size() == 1 ? "1 step " + verb + "s" + to : kept.size() + " steps " + verb + to;
  }

  /** The file of the smallest counterexample; empty if there is none. */
  String counterexample() {
    Counterexample kept = smallest;
    return kept == null ? "" : "\n" + kept.yaml();
  }

  private static Path file(String name) {
    return FOLDER.resolve(name.replaceAll("[^A-Za-z0-9._-]", "-") + ".yaml");
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(FOLDER);
      Path unfinished = file.resolveSibling(file.getFileName() + ".part");
      Files.writeString(unfinished, text);
      Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
