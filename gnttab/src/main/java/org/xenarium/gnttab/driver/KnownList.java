package org.xenarium.gnttab.driver;

/**
 * The list of free references as it was when G1 held of it last. Of a list that has changed in a few elements since, those tell whether G1 still
 * holds: the walk along it ends where it comes to what has not changed.
 */
final class KnownList {
  /** More changes than calls make between two looks; after more the list has to be looked at as a whole. */
  private static final int MOST = 32;

  private final GrantDriver driver;

  /** For each reference, how many are in the list from it on to the end; 0 for those that are not in it. */
  private int[] ranks = {};

  private int count;

  /** References whose elements have changed; 0 for the head. */
  private final int[] changed = new int[MOST];

  private int changedCount;

  /** Changed references that the list begins with now. */
  private final int[] front = new int[MOST];

  private boolean known;

  KnownList(GrantDriver driver) {
    this.driver = driver;
  }

  /** Two elements were and are these. */
  void changed(long at, long old, long now) {
    changed(FreeList.refOf(at), (int) old, (int) now);
    changed(FreeList.refOf(at) + 1, (int) (old >>> Integer.SIZE), (int) (now >>> Integer.SIZE));
  }

  private void changed(int ref, int old, int now) {
    if (old == now || contains(changed, changedCount, ref)) {
      return;
    }
    if (changedCount == MOST) {
      known = false;
    } else {
      changed[changedCount++] = ref;
    }
  }

  private static boolean contains(int[] refs, int count, int ref) {
    for (int i = 0; i < count; i++) {
      if (refs[i] == ref) {
        return true;
      }
    }
    return false;
  }

  /** Takes the list as it is, of which G1 holds or not. Drivers that mark no reference as used have nothing that one could know of those. */
  void learn(boolean holds) {
    known = holds && driver.entryCount() > 0 && !driver.has(DriverDifference.UNCHECKED_FREE);
    changedCount = 0;
    count = 0;
    if (known) {
      ranks = new int[driver.entryCount()];
      for (int ref = driver.list().head(); ref != 0; ref = driver.list().after(ref)) {
        ranks[ref] = ++count;
      }
      for (int ref = driver.list().head(); ref != 0; ref = driver.list().after(ref)) {
        ranks[ref] = count + 1 - ranks[ref];
      }
    }
  }

  /** True when G1 certainly holds, and then this is what is known; otherwise all of the list has to be looked at. */
  boolean holds() {
    int length = known && ranks.length == driver.entryCount() ? frontLength() : -1;
    if (length < 0) {
      return false;
    }
    int behind = length == 0 ? driver.list().head() : driver.list().after(front[length - 1]);
    int kept = behind == 0 ? 0 : ranks[behind];
    boolean counted = driver.has(DriverDifference.GROWING) || driver.semaphore().count() == length + kept;
    if (!counted || !accounted(length, kept)) {
      return false;
    }
    for (int i = 0; i < changedCount; i++) {
      ranks[changed[i]] = 0;
    }
    for (int i = 0; i < length; i++) {
      ranks[front[i]] = length + kept - i;
    }
    count = length + kept;
    changedCount = 0;
    return true;
  }

  /** How many changed references the list begins with, until it ends or comes to one that is as it was and was in the list; -1 if it does neither. */
  private int frontLength() {
    int length = 0;
    int ref = driver.list().head();
    for (; ref != 0 && contains(changed, changedCount, ref); ref = driver.list().after(ref)) {
      if (length == changedCount || !isOrdinary(ref)) {
        return -1;
      }
      front[length++] = ref;
    }
    return ref == 0 || isOrdinary(ref) && ranks[ref] != 0 ? length : -1;
  }

  private boolean isOrdinary(int ref) {
    return ref >= FreeList.RESERVED && ref < ranks.length;
  }

  /** Is each changed reference either in front or used, and none of those behind; and has every one changed that was in the list before these? */
  private boolean accounted(int length, int kept) {
    int gone = 0;
    for (int i = 0; i < changedCount; i++) {
      int ref = changed[i];
      boolean isBehind = isOrdinary(ref) && ranks[ref] != 0 && ranks[ref] <= kept;
      if (ref != 0 && (!isOrdinary(ref) || isBehind || !contains(front, length, ref) && !driver.isUsed(ref))) {
        return false;
      }
      gone += ranks[ref] != 0 ? 1 : 0;
    }
    return gone == count - kept;
  }
}
