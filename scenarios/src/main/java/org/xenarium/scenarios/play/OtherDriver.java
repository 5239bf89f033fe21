package org.xenarium.scenarios.play;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainPart;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.scenarios.script.Operation;

/** A grant driver that a guest has instead of one of Xenarium's. A {@link Stage} sends it the driver's calls. */
public interface OtherDriver extends DomainPart {
  /**
   * A call that is about to begin. When it ends, its value is in x0, as that of Xenarium's drivers.
   *
   * @param arguments in the order of the call in C, with pointers to guest memory
   */
  Routine call(Operation operation, long... arguments);

  /** Whether its start is through. */
  boolean isReady();

  /** Whether that is a call of the grant driver. The kernel's heap, for one, is Xenarium's in any case. */
  static boolean takes(Operation operation) {
    return switch (operation) {
      case INIT, GRANT_ACCESS, END_ACCESS, ALLOC_AND_GRANT, GET_PAGES, PUT_PAGES, MAP_REFS, UNMAP_REFS, GNTTAB_QUERY_SIZE -> true;
      default -> false;
    };
  }

  /** The other driver of a domain; null if it has one of Xenarium's. */
  static @Nullable OtherDriver of(Domain domain) {
    return domain.has(OtherDriver.class) ? domain.part(OtherDriver.class) : null;
  }
}
