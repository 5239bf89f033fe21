package org.xenarium.scenarios.script;

import com.google.common.collect.ImmutableList;
import java.util.stream.Stream;
import org.xenarium.gnttab.driver.GuestInvariant;
import org.xenarium.gnttab.invariant.Invariant;

/**
 * What is to hold at every step of a scenario.
 *
 * @param domain name of the guest that it is about; empty for all
 * @param number of an invariant, {@link #MODEL}, the name of a property of calls, or {@link #ALL}
 */
public record Watched(String domain, String number) {
  /** The reference model and the machine agree. */
  public static final String MODEL = "model";

  /** The model, and all about the hypervisor; what is about guests only where it is named, as guests may do what they like. */
  public static final String ALL = "all";

  /** What there is to watch. */
  static final ImmutableList<String> NUMBERS =
      Stream.of(
              Stream.of(ALL, MODEL),
              Stream.of(Invariant.values()).map(Invariant::id),
              Stream.of(GuestInvariant.values()).map(GuestInvariant::id),
              Stream.of(CallProperty.values()).map(CallProperty::id))
          .flatMap(numbers -> numbers)
          .collect(ImmutableList.toImmutableList());

  /** One of them. */
  public static Watched of(String number) {
    return new Watched("", number);
  }

  /** Whether there is such a number. */
  public boolean isKnown() {
    return NUMBERS.contains(number);
  }

  /** Whether it is about guests. */
  public boolean isOfGuests() {
    CallProperty property = CallProperty.named(number);
    return property == null ? isGuestInvariant() : property.isOfGuests();
  }

  private boolean isGuestInvariant() {
    return Stream.of(GuestInvariant.values()).anyMatch(invariant -> invariant.id().equals(number));
  }

  @Override
  public String toString() {
    return domain.isEmpty() ? number : domain + "." + number;
  }
}
