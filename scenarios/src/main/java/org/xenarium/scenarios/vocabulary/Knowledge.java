package org.xenarium.scenarios.vocabulary;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the guests have been told so far: grants that were made, mappings, pages, blocks and ports that they were given. */
public final class Knowledge {
  /**
   * A grant that is offered.
   *
   * @param byDriver whether the granter's driver made it
   */
  public record Grant(Known ref, int grantee, long gfn, boolean readonly, boolean byDriver) {}

  /** A mapping that is live as far as the mapper knows. */
  public record Mapping(Known handle, long address, int granter, long ref, boolean readonly, boolean byDriver) {}

  /** Something else that the domain was given: pages, a block, a port. */
  public record Given(Known what, long size) {}

  /** What one domain knows. */
  public static final class Guest {
    private final int domid;
    private final List<Grant> grants = new ArrayList<>();
    private final List<Mapping> mappings = new ArrayList<>();
    private final List<Given> pages = new ArrayList<>();
    private final List<Given> blocks = new ArrayList<>();
    private final List<Given> ports = new ArrayList<>();

    private Guest(int domid) {
      this.domid = domid;
    }

    private Guest(Guest other) {
      domid = other.domid;
      grants.addAll(other.grants);
      mappings.addAll(other.mappings);
      pages.addAll(other.pages);
      blocks.addAll(other.blocks);
      ports.addAll(other.ports);
    }

    /** Grants that it has made. */
    public List<Grant> grants() {
      return grants;
    }

    /** Mappings that it has. */
    public List<Mapping> mappings() {
      return mappings;
    }

    /** What get_pages returned. */
    public List<Given> pages() {
      return pages;
    }

    /** Blocks of the kernel's heap. */
    public List<Given> blocks() {
      return blocks;
    }

    /** Ports of event channels. */
    public List<Given> ports() {
      return ports;
    }

    /** Whether something is mapped at an address from {@code from} on and below {@code to}. */
    boolean isMapped(long from, long to) {
      for (int i = 0; i < mappings.size(); i++) {
        long address = mappings.get(i).address();
        if (address >= from && address < to) {
          return true;
        }
      }
      return false;
    }

    /** Whether an open grant names a guest frame from {@code from} on and below {@code to}. */
    boolean isGranted(long from, long to) {
      for (int i = 0; i < grants.size(); i++) {
        long gfn = grants.get(i).gfn();
        if (gfn >= from && gfn < to) {
          return true;
        }
      }
      return false;
    }
  }

  private final List<Guest> guests = new ArrayList<>();

  Knowledge() {}

  Knowledge(Knowledge other) {
    other.guests.forEach(guest -> guests.add(new Guest(guest)));
  }

  /** What the domain with that id knows. */
  public Guest of(int domid) {
    for (int i = 0; i < guests.size(); i++) {
      if (guests.get(i).domid == domid) {
        return guests.get(i);
      }
    }
    Guest guest = new Guest(domid);
    guests.add(guest);
    return guest;
  }

  /** Only domains whose ids are so know anything any more. */
  void keep(IntPredicate domid) {
    guests.removeIf(guest -> !domid.test(guest.domid));
  }

  /** The nth, counted round and round; null if there is none. */
  static <T> @Nullable T nth(List<T> all, int n) {
    return all.isEmpty() ? null : all.get(n % all.size());
  }

  /** The nth of those that are meant, counted round and round; null if there is none. */
  static <T> @Nullable T nth(List<T> all, int n, Predicate<T> meant) {
    int count = 0;
    for (int i = 0; i < all.size(); i++) {
      count += meant.test(all.get(i)) ? 1 : 0;
    }
    int left = count == 0 ? 0 : n % count;
    for (int i = 0; i < all.size() && count > 0; i++) {
      if (meant.test(all.get(i)) && left-- == 0) {
        return all.get(i);
      }
    }
    return null;
  }
}
