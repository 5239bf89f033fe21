package org.xenarium.scenarios.property;

import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.SampleReportingFormat;
import org.xenarium.scenarios.vocabulary.Move;

/** How jqwik shows moves of which something does not hold: in a line, without their numbers. It finds this by itself. */
public final class MovesFormat implements SampleReportingFormat {
  private static final int SHOWN = 12;

  @Override
  public boolean appliesTo(Object value) {
    return value instanceof List<?> list && !list.isEmpty() && list.stream().allMatch(Move.class::isInstance);
  }

  @Override
  public Object report(Object value) {
    List<?> moves = (List<?>) value;
    String names = moves.stream().limit(SHOWN).map(move -> ((Move) move).verb().name()).collect(Collectors.joining(", "));
    return SampleReportingFormat.plainLabel(moves.size() + " moves: " + names + (moves.size() > SHOWN ? ", …" : ""));
  }
}
