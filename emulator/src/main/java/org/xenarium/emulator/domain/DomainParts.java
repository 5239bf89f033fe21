package org.xenarium.emulator.domain;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.state.Digest;

/** What modules keep for a domain, in the order of the modules. The array is the domain's own: parts are looked for in every step of an operation. */
final class DomainParts {
  private DomainParts() {}

  static DomainPart[] copy(DomainPart[] parts, Domain copied) {
    DomainPart[] copies = new DomainPart[parts.length];
    for (int i = 0; i < parts.length; i++) {
      copies[i] = parts[i].copy(copied);
    }
    return copies;
  }

  static void digest(DomainPart[] parts, Digest digest) {
    for (DomainPart part : parts) {
      part.digest(digest);
    }
  }

  static void freeze(DomainPart[] parts) {
    for (DomainPart part : parts) {
      part.freeze();
    }
  }

  /** The part of that class, or null. */
  static <T extends DomainPart> @Nullable T find(DomainPart[] parts, Class<T> type) {
    for (DomainPart part : parts) {
      if (type.isInstance(part)) {
        return type.cast(part);
      }
    }
    return null;
  }

  /** The parts, and another one behind them. */
  static DomainPart[] with(DomainPart[] parts, DomainPart last) {
    DomainPart[] more = Arrays.copyOf(parts, parts.length + 1);
    more[parts.length] = last;
    return more;
  }

  /** A virtual interrupt for the domain; see {@link Virq}. */
  static void virq(DomainPart[] parts, int virq) {
    for (DomainPart part : parts) {
      part.virq(virq);
    }
  }

  /** One step of giving back what the dying domain holds of others; false when no part has anything left. */
  static boolean release(DomainPart[] parts) {
    for (DomainPart part : parts) {
      if (part.release()) {
        return true;
      }
    }
    return false;
  }

  /** The lock that the next {@link #release} needs: that of the first part that has anything left. */
  static long releaseNeeds(DomainPart[] parts) {
    for (DomainPart part : parts) {
      long lock = part.releaseNeeds();
      if (lock != Lock.NONE) {
        return lock;
      }
    }
    return Lock.NONE;
  }
}
