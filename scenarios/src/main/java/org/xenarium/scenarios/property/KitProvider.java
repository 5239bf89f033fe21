package org.xenarium.scenarios.property;

import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.providers.ArbitraryProvider;
import net.jqwik.api.providers.TypeUsage;
import org.xenarium.scenarios.vocabulary.Move;
import org.xenarium.scenarios.vocabulary.Setting;

/** Gives properties their {@code @ForAll Setting} and {@code @ForAll List<Move>}. jqwik finds it by itself. */
public final class KitProvider implements ArbitraryProvider {
  private static final TypeUsage MOVES = TypeUsage.of(List.class, TypeUsage.of(Move.class));

  @Override
  public boolean canProvideFor(TypeUsage target) {
    return target.isOfType(Setting.class) || target.isOfType(List.class) && target.canBeAssignedTo(MOVES);
  }

  @Override
  public Set<Arbitrary<?>> provideFor(TypeUsage target, SubtypeProvider subtypes) {
    return Set.of(target.isOfType(Setting.class) ? Xenarium.settings() : Xenarium.moves());
  }

  /** Above that of jqwik's own lists. */
  @Override
  public int priority() {
    return 1;
  }
}
