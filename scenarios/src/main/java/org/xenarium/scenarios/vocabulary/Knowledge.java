package org.xenarium.scenarios.vocabulary;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the guests have been told so far: grants that were made, mappings, pages, blocks and ports that they were given. */
public final class Knowledge {
  /**
   * A grant that is offered.
   *
   * @param granter its domid
   * @param byDriver whether the granter's driver made it
   */
  public record Grant(int granter, Known ref, int grantee, long gfn, boolean readonly, boolean byDriver) {}

  /** A mapping that is live as far as the mapper knows. */
  public record Mapping(int mapper, Known handle, long address, int granter, long ref, boolean readonly, boolean byDriver) {}

  /** Something else that a domain was given: pages, a block, a port. */
  public record Given(int domid, Known what, long size) {}

  private final List<Grant> grants = new ArrayList<>();
  private final List<Mapping> mappings = new ArrayList<>();
  private final List<Given> pages = new ArrayList<>();
  private final List<Given> blocks = new ArrayList<>();
  private final List<Given> ports = new ArrayList<>();

  Knowledge() {}

  Knowledge(Knowledge other) {
    grants.addAll(other.grants);
    mappings.addAll(other.mappings);
    pages.addAll(other.pages);
    blocks.addAll(other.blocks);
    ports.addAll(other.ports);
  }

  public List<Grant> grants() {
    return grants;
  }

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
