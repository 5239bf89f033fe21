package org.xenarium.gnttab.kit.run;

import org.xenarium.gnttab.kit.Bench;

/** The few guest frames that random runs are about, by small numbers. None of them holds the vCPUs' argument pages. */
final class Places {
  /** How many places there are. */
  static final int COUNT = 16;

  private static final int HOLES = 6;
  private static final int PAGES = 6;

  private Places() {}

  /** 0 to 5 ordinary pages, 6 to 11 holes, then the grant frame, guest frame 0, the highest one and one too high. */
  static long gfn(int place) {
    if (place < PAGES) {
      return Bench.GRANTED + place;
    }
    if (place < PAGES + HOLES) {
      return Bench.HOLE + place - PAGES;
    }
    return switch (place - PAGES - HOLES) {
      case 0 -> Bench.TABLE;
      case 1 -> 0;
      case 2 -> Bench.REACH - 1;
      default -> Bench.REACH;
    };
  }

  static boolean isPage(int place) {
    return place < PAGES;
  }

  static boolean isHole(int place) {
    return place >= PAGES && place < PAGES + HOLES;
  }

  /** The hole that stands for this place where only holes will do. */
  static int hole(int place) {
    return PAGES + place % HOLES;
  }

  /** What a good guest grants for this place: one of its pages, now and then a frame where never anything is. */
  static long granted(int place) {
    return place == PAGES ? Bench.HOLE + Bench.HOLES - 1 : gfn(page(place));
  }

  /** The page that stands for this place where only pages will do. */
  static int page(int place) {
    return place % PAGES;
  }

  static boolean isTooHigh(int place) {
    return gfn(place) >= Bench.REACH;
  }
}
