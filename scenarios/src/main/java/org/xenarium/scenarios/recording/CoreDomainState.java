package org.xenarium.scenarios.recording;

import java.util.NoSuchElementException;

/**
 * What changed in one domain by an operation of the xen-core format (docs/reference/recordings.md). Reused from line to line.
 *
 * <p>Of a dying or dead domain {@code ml}, {@code free} and {@code ram} mean nothing.
 */
public final class CoreDomainState {
  /** Stages of a domain's life. */
  public enum Life { ALIVE, DYING, DEAD }

  private final long[] numbers = new long[CoreStateField.values().length];
  private final LongTable free = new LongTable();
  private final LongTable entries = new LongTable();
  private final LongTable p2m = new LongTable();
  private Life life = Life.ALIVE;
  private long seen;

  CoreDomainState() {}

  /** The domain. */
  public int dom() {
    return (int) numbers[CoreStateField.D.index()];
  }

  public boolean has(CoreStateField field) {
    return (seen >> field.index() & 1) != 0;
  }

  /** The number in that field; throws {@link NoSuchElementException} if it is not given or no number. */
  public long get(CoreStateField field) {
    if (!has(field) || field.range == null) {
      throw new NoSuchElementException(field.recordedName());
    }
    return numbers[field.index()];
  }

  /** Where the domain is in its life, if {@link CoreStateField#LIFE} is given. */
  public Life life() {
    return life;
  }

  /** Head and tail of the list of free handles, one row a vCPU; -1 = none. Empty if not given. */
  public LongTable free() {
    return free;
  }

  /** Changed entries: reference, pin word of the active entry, shared flags, status word of version 2. */
  public LongTable entries() {
    return entries;
  }

  /** Changed entries of the physmap: gfn, mfn, type as in {@link CoreMapping}; type 0 = the entry went. */
  public LongTable p2m() {
    return p2m;
  }

  /** Reads the fields of the object that {@code json} is in. */
  void read(JsonLines json) throws RecordingException {
    free.clear(2);
    entries.clear(4);
    p2m.clear(3);
    seen = 0;
    for (int index; (index = json.field(CoreStateField.NAMES, seen)) >= 0; seen |= 1L << index) {
      CoreStateField field = CoreStateField.at(index);
      if (field.range != null) {
        numbers[index] = json.number(field.range);
        continue;
      }
      switch (field) {
        case LIFE -> life = life(json);
        case FREE -> json.rows(free, CoreStateField.FREE_COLUMNS);
        case E -> json.rows(entries, CoreStateField.ENTRY_COLUMNS);
        case P2M -> {
          json.rows(p2m, CoreDomain.P2M);
          CoreDomain.checkTypes(json, p2m, true);
        }
        default -> throw new IllegalStateException(field.name());
      }
    }
    json.require(CoreStateField.NAMES, 1, seen);
  }

  private static Life life(JsonLines json) throws RecordingException {
    String text = json.string();
    return switch (text) {
      case "alive" -> Life.ALIVE;
      case "dying" -> Life.DYING;
      case "dead" -> Life.DEAD;
      default -> throw json.here("\"life\": expected \"alive\", \"dying\" or \"dead\", found " + JsonLines.quote(text));
    };
  }
}
