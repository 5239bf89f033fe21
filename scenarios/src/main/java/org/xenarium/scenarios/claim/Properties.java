package org.xenarium.scenarios.claim;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.xenarium.gnttab.driver.GuestInvariant;
import org.xenarium.gnttab.driver.GuestInvariants;
import org.xenarium.gnttab.invariant.Invariant;
import org.xenarium.gnttab.invariant.Invariants;
import org.xenarium.scenarios.campaign.Property;
import org.xenarium.scenarios.script.CallProperty;

/** Xenarium's own properties, by their names. */
public final class Properties {
  private static final ImmutableList<Property> ALL =
      ImmutableList.of(
          InvariantProperty.of("no-use-after-end-access",
              "once end_access has reported a release, nobody reaches the frame through that grant, and the reference is not used again before",
              "G2", "G7", "G13"),
          InvariantProperty.of("revocation", "an entry that was withdrawn while nobody used it is used by nobody until it grants something again", "I19"),
          InvariantProperty.of("read-only-is-never-writable", "what was granted or mapped for reading is never written through that grant",
              "I17", "I18", "I33", "I34"),
          InvariantProperty.of("conservation", "pages, references and handles are neither lost nor made up, and every use of them is counted once",
              "I1", "I2", "I7", "I21", "I22", "I42", "I43", "I45", "I46", "I48", "I52", "G1", "G5", "G6"),
          InvariantProperty.of("truthful-statuses", "what a call answers is what it has done", "I28", "I29", "I58", "I60", "I61", "I62", "G3", "G4"),
          InvariantProperty.of("batch-semantics", "each element of a batch is answered by itself, and a fault ends the batch where it is", "I59"),
          InvariantProperty.of("failure-neutrality", "what fails leaves everything as it was", "I9", "I36", "I57", "I64", "G8", "G9", "G10"),
          InvariantProperty.of("a-dying-domain-harms-nobody", "a domain that dies lets go of everything, and what others see through mappings stays",
              "I30", "I51", "I65", "I66", "I67", "I68", "I69", "I72"),
          InvariantProperty.of("progress", "every call comes to its end as long as others go on with theirs", "I70", "I71", "G12"),
          new PropertyOfCalls(CallProperty.HYPERCALL_FAULTS),
          new PropertyOfCalls(CallProperty.DRIVER_FAULTS),
          new PropertyOfCalls(CallProperty.DRIVER_SURVIVES),
          new PropertyOfCalls(CallProperty.SAME_BYTES),
          new InvariantProperty("guest-invariants", "a guest that uses its driver as it asks keeps the invariants G1 to G15", ImmutableSet.of(),
              GuestInvariants.ALL),
          new InvariantProperty("hypervisor-invariants", "the invariants I1 to I72 of grant tables hold at every step", Invariants.ALL,
              ImmutableSet.of()),
          new AgreementWithModel());

  /** More invariants than a property of its own says. */
  private static final int MANY = GuestInvariants.ALL.size();

  private Properties() {}

  /** All of them. */
  public static ImmutableList<Property> all() {
    return ALL;
  }

  /**
   * Those with these names, ready to observe a run together.
   *
   * @throws IllegalArgumentException for a name that none has
   */
  public static List<Property> named(List<String> names) {
    return together(names.stream().map(Properties::named).toList());
  }

  /** These, ready to observe a run together. */
  public static List<Property> together(List<Property> properties) {
    List<InvariantProperty> invariants = new ArrayList<>();
    List<Property> chosen = new ArrayList<>();
    for (Property found : properties) {
      if (found instanceof InvariantProperty invariant) {
        invariants.add(invariant);
      } else {
        chosen.add(found);
      }
    }
    if (!invariants.isEmpty()) {
      chosen.add(0, new InvariantProperties(invariants));
    }
    return chosen;
  }

  /**
   * The one with that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Property named(String name) {
    return ALL.stream().filter(property -> property.name().equals(name)).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no property " + name));
  }

  /** The numbers of the invariants that say a property, or nothing where it looks at the runs itself or where they are all there are. */
  public static List<String> invariants(Property property) {
    if (property instanceof InvariantProperty said && said.size() < MANY) {
      return Stream.concat(said.hypervisor().stream().map(Invariant::id), said.guest().stream().map(GuestInvariant::id)).toList();
    }
    return List.of();
  }
}
