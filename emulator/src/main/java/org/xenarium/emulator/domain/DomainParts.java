package org.xenarium.emulator.domain;

import java.util.Arrays;
import org.xenarium.emulator.state.Digest;

/** What modules keep for a domain, in the order of the modules. */
final class DomainParts {
  private final Domain domain;
  private DomainPart[] parts = {};

  DomainParts(Domain domain) {
    this.domain = domain;
  }

  DomainParts copy(Domain copied) {
    DomainParts copy = new DomainParts(copied);
    copy.parts = new DomainPart[parts.length];
    for (int i = 0; i < parts.length; i++) {
      copy.parts[i] = parts[i].copy(copied);
    }
    return copy;
  }

  void digest(Digest digest) {
    for (DomainPart part : parts) {
      part.digest(digest);
    }
  }

  void freeze() {
    for (DomainPart part : parts) {
      part.freeze();
    }
  }

  <T extends DomainPart> T get(Class<T> type) {
    for (DomainPart part : parts) {
      if (type.isInstance(part)) {
        return type.cast(part);
      }
    }
    throw new IllegalStateException("no module keeps a " + type.getSimpleName() + " for domain " + domain.id());
  }

  boolean has(Class<? extends DomainPart> type) {
    for (DomainPart part : parts) {
      if (type.isInstance(part)) {
        return true;
      }
    }
    return false;
  }

  void attach(DomainPart part) {
    parts = Arrays.copyOf(parts, parts.length + 1);
    parts[parts.length - 1] = part;
  }

  /** A virtual interrupt for the domain; see {@link Virq}. */
  void virq(int virq) {
    for (DomainPart part : parts) {
      part.virq(virq);
    }
  }

  /** One step of giving back what the dying domain holds of others; false when no part has anything left. */
  boolean release() {
    for (DomainPart part : parts) {
      if (part.release()) {
        return true;
      }
    }
    return false;
  }

  /** The lock that the next {@link #release} needs: that of the first part that has anything left. */
  long releaseNeeds() {
    for (DomainPart part : parts) {
      long lock = part.releaseNeeds();
      if (lock != Lock.NONE) {
        return lock;
      }
    }
    return Lock.NONE;
  }
}
