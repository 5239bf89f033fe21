package org.xenarium.scenarios.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Times such as {@code 90s}, {@code 10m} and {@code 2h}, of at most {@value #MOST_HOURS} hours. */
final class DurationConverter implements ITypeConverter<Duration> {
  private static final Pattern TIME = Pattern.compile("([1-9][0-9]{0,8})([smh])");

  /** More than eleven years, and far from the end of the clock that counts nanoseconds. */
  private static final long MOST_HOURS = 100_000;

  @Override
  public Duration convert(String text) {
    Matcher matcher = TIME.matcher(text);
    if (!matcher.matches()) {
      throw new TypeConversionException("expected a time such as 90s, 10m or 2h, found '" + text + "'");
    }
    long number = Long.parseLong(matcher.group(1));
    Duration time = switch (matcher.group(2)) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number);
    };
    if (time.compareTo(Duration.ofHours(MOST_HOURS)) > 0) {
      throw new TypeConversionException("expected a time of at most " + MOST_HOURS + "h, found '" + text + "'");
    }
    return time;
  }
}
