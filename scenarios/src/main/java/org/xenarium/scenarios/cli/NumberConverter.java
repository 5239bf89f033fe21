package org.xenarium.scenarios.cli;

import java.math.BigInteger;
import java.util.regex.Pattern;
import org.xenarium.scenarios.campaign.Campaign;
import org.xenarium.scenarios.campaign.CampaignOptions;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads decimal numbers of a range; anything else is told which numbers it can be. */
class NumberConverter implements ITypeConverter<Long> {
  private static final Pattern DECIMAL = Pattern.compile("[+-]?[0-9]+");

  private final BigInteger least;
  private final BigInteger most;

  private NumberConverter(long least, long most) {
    this.least = BigInteger.valueOf(least);
    this.most = BigInteger.valueOf(most);
  }

  @Override
  public Long convert(String text) {
    if (DECIMAL.matcher(text).matches()) {
      BigInteger number = new BigInteger(text);
      if (number.compareTo(least) >= 0 && number.compareTo(most) <= 0) {
        return number.longValueExact();
      }
    }
    throw new TypeConversionException("expected a number from " + least + " to " + most + ", found '" + text + "'");
  }

  /** A seed: any number. */
  static final class OfSeed extends NumberConverter {
    OfSeed() {
      super(Long.MIN_VALUE, Long.MAX_VALUE);
    }
  }

  /** How many runs. */
  static final class OfRuns extends NumberConverter {
    OfRuns() {
      super(1, CampaignOptions.NO_END);
    }
  }

  /** How many of something that is counted with 31 bits. */
  static final class OfCount extends NumberConverter {
    OfCount() {
      super(1, Integer.MAX_VALUE);
    }
  }

  /** How many threads. */
  static final class OfThreads extends NumberConverter {
    OfThreads() {
      super(1, Campaign.MOST_THREADS);
    }
  }
}
