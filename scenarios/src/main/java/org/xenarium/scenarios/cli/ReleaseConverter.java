package org.xenarium.scenarios.cli;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.xenarium.emulator.semantics.Release;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a release as it is written, such as {@code 4.17}. */
final class ReleaseConverter implements ITypeConverter<Release> {
  @Override
  public Release convert(String text) {
    return Release.named(text).orElseThrow(() -> new TypeConversionException("expected one of " + all() + ", found '" + text + "'"));
  }

  private static String all() {
    return Arrays.stream(Release.values()).map(Release::toString).collect(Collectors.joining(", "));
  }
}
