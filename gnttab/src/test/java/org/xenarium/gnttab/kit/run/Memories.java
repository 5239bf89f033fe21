package org.xenarium.gnttab.kit.run;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the guests of a run remember of their mappings, and what calls on their way are about. */
final class Memories {
  /** A mapping that a guest was told of and has not been told the end of. */
  record Mapped(int domid, int handle, long address) {
    boolean isMadeUp() {
      return address == MADE_UP;
    }
  }

  /** An address in guest frame 0, where good guests map nothing. */
  private static final long MADE_UP = 1;

  /** A guest frame at which a call on its way maps. */
  private record Hole(int domid, long gfn) {}

  private final List<Mapped> mapped;
  private final List<Mapped> leaving = new ArrayList<>();
  private final Set<Hole> arriving = new HashSet<>();

  Memories() {
    this(List.of());
  }

  private Memories(List<Mapped> mapped) {
    this.mapped = new ArrayList<>(mapped);
  }

  /** A copy for a time when no call is on its way. */
  Memories copy() {
    return new Memories(mapped);
  }

  void add(int domid, int handle, long address) {
    mapped.add(new Mapped(domid, handle, address));
  }

  void forget(int domid, int handle) {
    mapped.removeIf(m -> m.domid() == domid && m.handle() == handle);
  }

  /** The {@code nth} mapping of that domain, counting round, or a made-up one where it has none. */
  Mapped nth(int domid, int nth) {
    List<Mapped> own = mapped.stream().filter(m -> m.domid() == domid && !leaving.contains(m)).toList();
    return own.isEmpty() ? new Mapped(domid, nth, MADE_UP) : own.get(nth % own.size());
  }

  /** The mapping is going to be unmapped: no other call takes it. */
  void leaves(Mapped mapping) {
    leaving.add(mapping);
  }

  /** Something is going to be mapped there: no other call does. */
  void arrives(int domid, long gfn) {
    arriving.add(new Hole(domid, gfn));
  }

  /** True when a call on its way maps there. What has been mapped is in the physmap. */
  boolean uses(int domid, long gfn) {
    return arriving.contains(new Hole(domid, gfn));
  }

  /** No call is on its way any more. */
  void settle() {
    leaving.clear();
    arriving.clear();
  }
}
