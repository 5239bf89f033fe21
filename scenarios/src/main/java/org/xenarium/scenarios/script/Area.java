package org.xenarium.scenarios.script;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A run of pages in every domain's address space that scenarios name, {@code ram.3} being the fourth of RAM. It is the address space of the
 * recordings (docs/reference/recordings.md), so that one can be written of every scenario that has nothing else in it.
 */
public enum Area {
  /** RAM for the scenario's own use; zero at the start. */
  RAM(0x40100, "RAM of the domain, for use by the scenario"),
  /** Nothing is mapped there at the start, and no RAM ever was: for grant and foreign mappings. */
  FREE(0x38800, "free address space, where grants can be mapped"),
  /** Where the frames of the grant table are to be mapped. */
  GRANTS(0x38000, "the window for the frames of the grant table"),
  /** RAM for lists of frames that hypercalls read. */
  LISTS(0x40009, "two pages of RAM for lists of frames");

  /** Where RAM begins: a MiB for the guest's program, its arguments and its stacks. */
  public static final long RAM_START = 0x40000;

  /** Pages in {@link #LISTS}. */
  static final long LIST_PAGES = 2;

  /** Pages in {@link #GRANTS}, and in {@link #FREE}. */
  static final long WINDOW = 0x800;

  static final long FREE_PAGES = RAM_START - 0x38800;

  private final long first;
  private final String summary;

  Area(long first, String summary) {
    this.first = first;
    this.summary = summary;
  }

  /** Its first guest frame. */
  public long first() {
    return first;
  }

  String summary() {
    return summary;
  }

  String spelling() {
    return name().toLowerCase(Locale.ROOT);
  }

  static @Nullable Area named(String name) {
    for (Area area : values()) {
      if (area.spelling().equals(name)) {
        return area;
      }
    }
    return null;
  }

  /** How many pages a domain has there. */
  long pages(DomainSetup domain) {
    return pages(domain.ram());
  }

  /** How many pages there are in a domain with so many pages of {@link #RAM}. */
  public long pages(long ram) {
    return switch (this) {
      case RAM -> ram;
      case FREE -> FREE_PAGES;
      case GRANTS -> WINDOW;
      case LISTS -> LIST_PAGES;
    };
  }
}
