package org.xenarium.scenarios.campaign;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.xenarium.gnttab.invariant.Invariants;

/** Xenarium's own properties, by their names. */
public final class Properties {
  private static final ImmutableList<Property> ALL =
      ImmutableList.of(
          new HypervisorInvariants("hypervisor-invariants", "the invariants I1 to I72 of grant tables hold at every step", Invariants.ALL),
          new AgreementWithModel());

  private Properties() {}

  /** All of them. */
  public static ImmutableList<Property> all() {
    return ALL;
  }

  /**
   * Those with these names, in this order.
   *
   * @throws IllegalArgumentException for a name that none has
   */
  public static List<Property> named(List<String> names) {
    List<Property> chosen = new ArrayList<>();
    for (String name : names) {
      chosen.add(ALL.stream().filter(property -> property.name().equals(name)).findFirst()
          .orElseThrow(() -> new IllegalArgumentException("there is no property " + name)));
    }
    return chosen;
  }
}
