package org.xenarium.scenarios.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.semantics.Profile;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.scenarios.recording.Spelling;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads one of several words, whatever the case of its letters; any other word is told which there are. */
class WordConverter<E> implements ITypeConverter<E> {
  private final List<E> all;
  private final List<String> words;

  private WordConverter(E[] all, Function<E, String> word) {
    this.all = List.of(all);
    words = Arrays.stream(all).map(word).toList();
  }

  @Override
  public E convert(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    int at = words.indexOf(lower);
    if (at < 0) {
      @Nullable String near = Spelling.nearest(lower, words);
      throw new TypeConversionException(
          "expected one of " + String.join(", ", words) + ", found '" + text + "'" + (near == null ? "" : "; did you mean " + near + "?"));
    }
    return all.get(at);
  }

  private static String lower(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT);
  }

  /** A release as it is written, such as {@code 4.17}. */
  static final class OfRelease extends WordConverter<Release> {
    OfRelease() {
      super(Release.values(), Release::toString);
    }
  }

  /** The kind of machine: {@code arm} or {@code hvm}. */
  static final class OfProfile extends WordConverter<Profile> {
    OfProfile() {
      super(Profile.values(), WordConverter::lower);
    }
  }

  /** The security policy: {@code dummy} or {@code silo}. */
  static final class OfPolicy extends WordConverter<SecurityPolicy> {
    OfPolicy() {
      super(SecurityPolicy.values(), WordConverter::lower);
    }
  }
}
