package org.xenarium.emulator.domain;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.state.Digest;

/** The domains that can be found by their id, and those that cannot any more and that an operation in flight has yet to let go of. */
final class DomainList {
  /** Ordered by id; zombies are in it. Another list after each change. */
  private List<Domain> listed = List.of();

  /** The same, to be searched. */
  private Domain[] searched = {};

  /** Ordered by id and incarnation. */
  private final List<Domain> unlisted;

  DomainList() {
    unlisted = new ArrayList<>(0);
  }

  private DomainList(DomainList other, World copied) {
    list(copies(other.listed, copied));
    unlisted = copies(other.unlisted, copied);
  }

  private static List<Domain> copies(List<Domain> domains, World copied) {
    List<Domain> copies = new ArrayList<>(domains.size());
    for (int i = 0; i < domains.size(); i++) {
      copies.add(domains.get(i).copy(copied));
    }
    return copies;
  }

  DomainList copy(World copied) {
    return new DomainList(this, copied);
  }

  void digest(Digest digest) {
    digest(digest, listed);
    digest(digest, unlisted);
  }

  private static void digest(Digest digest, List<Domain> domains) {
    digest.add(domains.size());
    for (Domain domain : domains) {
      domain.digest(digest);
    }
  }

  void freeze() {
    listed.forEach(Domain::freeze);
    unlisted.forEach(Domain::freeze);
  }

  List<Domain> listed() {
    return listed;
  }

  private void list(List<Domain> those) {
    listed = List.copyOf(those);
    searched = those.toArray(Domain[]::new);
  }

  /** The listed domain with that id. */
  @Nullable Domain find(int id) {
    for (Domain domain : searched) {
      if (domain.id() == id) {
        return domain;
      }
    }
    return null;
  }

  /** The domain of that {@link Domain#incarnation}, be it listed or not. */
  @Nullable Domain findIncarnation(int incarnation) {
    Domain found = find(DomId.of(incarnation));
    if (found != null && found.incarnation() == incarnation) {
      return found;
    }
    for (int i = 0; i < unlisted.size(); i++) {
      if (unlisted.get(i).incarnation() == incarnation) {
        return unlisted.get(i);
      }
    }
    return null;
  }

  /** The lowest incarnation of that id that no domain has. */
  int freeIncarnation(int id) {
    int incarnation = id;
    while (findIncarnation(incarnation) != null) {
      incarnation += 1 << Domain.ID_BITS;
    }
    return incarnation;
  }

  void add(Domain domain) {
    List<Domain> more = new ArrayList<>(listed);
    insert(more, domain);
    list(more);
  }

  void remove(Domain domain) {
    List<Domain> fewer = new ArrayList<>(listed);
    fewer.remove(domain);
    list(fewer);
  }

  /** Keeps a removed domain for the operations in flight that hold it; false when there are none. */
  boolean keepIfUsed(Domain removed) {
    boolean used = isInUse(removed);
    if (used) {
      insert(unlisted, removed);
    }
    return used;
  }

  /** Takes out one kept domain that no operation holds any more, the last one first; null when there is none. */
  @Nullable Domain takeUnused() {
    for (int i = unlisted.size() - 1; i >= 0; i--) {
      if (!isInUse(unlisted.get(i))) {
        return unlisted.remove(i);
      }
    }
    return null;
  }

  private boolean isInUse(Domain domain) {
    for (Domain other : listed) {
      for (int i = 0; i < other.vcpuCount(); i++) {
        Routine call = other.vcpu(i).call();
        if (call != null && call.refersTo(domain.incarnation())) {
          return true;
        }
      }
    }
    return false;
  }

  private static void insert(List<Domain> ordered, Domain domain) {
    int at = 0;
    while (at < ordered.size() && comesBefore(ordered.get(at), domain)) {
      at++;
    }
    ordered.add(at, domain);
  }

  private static boolean comesBefore(Domain a, Domain b) {
    return a.id() == b.id() ? a.incarnation() < b.incarnation() : a.id() < b.id();
  }
}
