package org.xenarium.scenarios.recording;

import java.util.ArrayList;
import java.util.List;

/**
 * A domain as the header of the xen-core format declares it (docs/reference/recordings.md).
 *
 * @param id domain id
 * @param priv control domain; only domain 0 may be
 * @param vcpus all present
 * @param maxVersion of the grant table: 1 or 2
 * @param maxGrantFrames limit of shared frames
 * @param maxMaptrackFrames limit of maptrack frames, of 256 handles each
 * @param pages the machine frames it owns, {@value #PAGES} of them
 * @param p2m the whole physmap at the start
 */
public record CoreDomain(
    int id,
    boolean priv,
    int vcpus,
    int maxVersion,
    int maxGrantFrames,
    int maxMaptrackFrames,
    List<Long> pages,
    List<CoreMapping> p2m) {

  /** How many RAM pages every domain owns. */
  public static final int PAGES = 16;

  private static final Names NAMES = new Names("a domain of the header", "id", "priv", "vcpus", "max_version", "max_grant_frames",
      "max_maptrack_frames", "pages", "p2m");
  private static final Range COUNT = Range.of(1, Integer.MAX_VALUE);
  /** Guest-physical addresses have 40 bits. */
  private static final Range GFN = Range.of(0, (1 << 28) - 1);
  /** The columns of a physmap entry. */
  static final List<Range> P2M = List.of(GFN, Range.U64, Range.of(0, 9));

  public CoreDomain {
    pages = List.copyOf(pages);
    p2m = List.copyOf(p2m);
  }

  /** Reads the fields of the object that {@code json} is in. */
  static CoreDomain read(JsonLines json) throws RecordingException {
    int id = 0;
    boolean priv = false;
    int vcpus = 0;
    int version = 0;
    int grantFrames = 0;
    int maptrackFrames = 0;
    LongTable pages = new LongTable();
    LongTable p2m = new LongTable();
    long seen = 0;
    for (int field; (field = json.field(NAMES, seen)) >= 0; seen |= 1L << field) {
      switch (NAMES.name(field)) {
        case "id" -> id = (int) json.number(Range.DOMAIN);
        case "priv" -> priv = json.number(Range.BIT) == 1;
        case "vcpus" -> vcpus = (int) json.number(COUNT);
        case "max_version" -> version = (int) json.number(Range.of(1, 2));
        case "max_grant_frames" -> grantFrames = (int) json.number(COUNT);
        case "max_maptrack_frames" -> maptrackFrames = (int) json.number(Range.of(0, Integer.MAX_VALUE));
        case "pages" -> {
          json.numbers(pages, Range.U64);
          if (pages.rows() != PAGES) {
            throw json.here("\"pages\": expected " + PAGES + " frames, found " + pages.rows());
          }
        }
        default -> {
          json.rows(p2m, P2M);
          checkTypes(json, p2m, false);
        }
      }
    }
    json.require(NAMES, Names.first(NAMES.names().size()), seen);
    if (priv && id != 0) {
      throw json.atLine("\"priv\": only domain 0 may be the control domain, found domain " + id);
    }
    List<Long> frames = new ArrayList<>();
    for (int row = 0; row < pages.rows(); row++) {
      frames.add(pages.get(row));
    }
    List<CoreMapping> mappings = new ArrayList<>();
    for (int row = 0; row < p2m.rows(); row++) {
      mappings.add(new CoreMapping(p2m.get(row, 0), p2m.get(row, 1), (int) p2m.get(row, 2)));
    }
    return new CoreDomain(id, priv, vcpus, version, grantFrames, maptrackFrames, frames, mappings);
  }

  /** Checks the third column; type 0 and frame 0 together mean that an entry went, where entries can go. */
  static void checkTypes(JsonLines json, LongTable p2m, boolean removals) throws RecordingException {
    for (int row = 0; row < p2m.rows(); row++) {
      boolean known = switch ((int) p2m.get(row, 2)) {
        case 1, 2, 3, 6, 7, 8, 9 -> true;
        case 0 -> removals && p2m.get(row, 1) == 0;
        default -> false;
      };
      if (!known) {
        throw json.here("\"p2m\": expected a type 1, 2, 3, 6, 7, 8 or 9" + (removals ? ", or 0 with frame 0" : "") + ", found "
            + p2m.get(row, 2) + " with frame " + p2m.get(row, 1) + " at gfn " + p2m.get(row, 0));
      }
    }
  }
}
