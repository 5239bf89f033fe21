package org.xenarium.gnttab.kit;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.xenarium.gnttab.invariant.Discipline;
import org.xenarium.gnttab.invariant.Findings;
import org.xenarium.gnttab.invariant.Indiscipline;
import org.xenarium.gnttab.invariant.ViolatedException;
import org.xenarium.gnttab.invariant.Violation;

/** Throws for violations, and remembers the rules of discipline that guests have broken. */
public final class Indisciplines implements Findings {
  private static final int MOST = 100;

  private final List<Indiscipline> first = new ArrayList<>();
  private final Set<Discipline> rules = EnumSet.noneOf(Discipline.class);
  private final Set<Discipline> withEffect = EnumSet.noneOf(Discipline.class);

  @Override
  public void violated(Violation violation) {
    throw new ViolatedException(violation);
  }

  @Override
  public void undisciplined(Indiscipline indiscipline) {
    rules.add(indiscipline.rule());
    if (indiscipline.hasEffect()) {
      withEffect.add(indiscipline.rule());
    }
    if (first.size() < MOST) {
      first.add(indiscipline);
    }
  }

  /** The first of them. */
  public List<Indiscipline> first() {
    return first;
  }

  /** Which rules were broken. */
  public Set<Discipline> rules() {
    return rules;
  }

  /** Which rules were broken so that invariants became void. */
  public Set<Discipline> withEffect() {
    return withEffect;
  }
}
