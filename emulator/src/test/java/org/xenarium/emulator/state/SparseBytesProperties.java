package org.xenarium.emulator.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Any history of writes, moves and copies, beside a map of the bytes that are not zero. */
class SparseBytesProperties {
  /** Borders of leaves, of nodes and of the trie's height; the far end of a 39-bit space. */
  private static final long[] BASES = {0, (1 << 14) - 300, (1 << 20) - 300, (1L << 39) - 1024};

  private static final int WINDOW = 1024;

  /** An array, the same as a map, and the leaves that may be stored. */
  private record Pair(SparseBytes bytes, TreeMap<Long, Byte> model, TreeSet<Long> touched) {
    Pair copy() {
      return new Pair(bytes.copy(), new TreeMap<>(model), new TreeSet<>(touched));
    }

    void set(long at, byte value) {
      touched.add(at & -SparseBytes.LEAF_SIZE);
      if (value == 0) {
        model.remove(at);
      } else {
        model.put(at, value);
      }
    }

    byte get(long at) {
      return model.getOrDefault(at, (byte) 0);
    }

    byte[] get(long at, int length) {
      byte[] result = new byte[length];
      for (int i = 0; i < length; i++) {
        result[i] = get(at + i);
      }
      return result;
    }

    void set(long at, byte[] values) {
      for (int i = 0; i < values.length; i++) {
        set(at + i, values[i]);
      }
    }
  }

  private interface Op {
    void on(Pair pair);
  }

  private record Write(long at, byte[] source, int offset) implements Op {
    @Override
    public void on(Pair pair) {
      int length = source.length - offset;
      pair.bytes.write(at, source, offset, length);
      for (int i = 0; i < length; i++) {
        pair.set(at + i, source[offset + i]);
      }
    }
  }

  private record Fill(long at, int length, byte value) implements Op {
    @Override
    public void on(Pair pair) {
      pair.bytes.fill(at, length, value);
      if (value != 0 || !pair.model.subMap(at & -256, at + length + 256).isEmpty()) {
        pair.set(at, filled());
      }
    }

    private byte[] filled() {
      byte[] values = new byte[length];
      Arrays.fill(values, value);
      return values;
    }
  }

  private record Move(long from, long to, int length) implements Op {
    @Override
    public void on(Pair pair) {
      pair.bytes.move(from, to, length);
      pair.set(to, pair.get(from, length));
    }
  }

  /** A number of 1, 2, 4 or 8 bytes, aligned. */
  private record Number(long near, int size, long value) implements Op {
    @Override
    public void on(Pair pair) {
      long at = near & -size;
      switch (size) {
        case 1 -> pair.bytes.setByte(at, (int) value);
        case 2 -> pair.bytes.setShort(at, (int) value);
        case 4 -> pair.bytes.setInt(at, (int) value);
        default -> pair.bytes.setLong(at, value);
      }
      for (int i = 0; i < size; i++) {
        pair.set(at + i, (byte) (value >>> (8 * i)));
      }
    }
  }

  /** Looks on the way: what was found once must not hide what is written later. */
  private record Read(long at, int length) implements Op {
    @Override
    public void on(Pair pair) {
      byte[] found = new byte[length];
      pair.bytes.read(at, found, 0, length);
      assertThat(found).isEqualTo(pair.get(at, length));
    }
  }

  private record Seal(boolean digest) implements Op {
    @Override
    public void on(Pair pair) {
      if (digest) {
        pair.bytes.digest();
      } else {
        pair.bytes.seal();
      }
    }
  }

  /** One operation on one of the copies; without an operation, the making of another copy. */
  private record Act(int which, Op op) {
    void on(List<Pair> pairs) {
      Pair pair = pairs.get(which % pairs.size());
      if (op == null) {
        pairs.add(pair.copy());
      } else {
        op.on(pair);
      }
    }
  }

  @Provide
  Arbitrary<List<Act>> histories() {
    Arbitrary<Long> addresses =
        Combinators.combine(Arbitraries.integers().between(0, BASES.length - 1), Arbitraries.integers().between(0, WINDOW))
            .as((base, offset) -> BASES[base] + offset);
    Arbitrary<Integer> lengths = Arbitraries.integers().between(0, 600);
    Arbitrary<Byte> values = Arbitraries.oneOf(Arbitraries.just((byte) 0), Arbitraries.bytes());
    Arbitrary<Op> ops =
        Arbitraries.oneOf(
            Combinators.combine(addresses, values.array(byte[].class).ofMaxSize(300), Arbitraries.integers().between(0, 20))
                .as((at, source, offset) -> new Write(at, source, Math.min(offset, source.length))),
            Combinators.combine(addresses, lengths).as(Read::new),
            Combinators.combine(addresses, lengths, values).as(Fill::new),
            Combinators.combine(addresses, addresses, lengths).as(Move::new),
            Combinators.combine(addresses, Arbitraries.of(1, 2, 4, 8), Arbitraries.longs()).as(Number::new),
            Arbitraries.of(true, false).map(Seal::new));
    Arbitrary<Act> acts = Combinators.combine(Arbitraries.integers().between(0, 5), ops.injectNull(0.15)).as(Act::new);
    return acts.list().ofMinSize(1).ofMaxSize(25);
  }

  @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
  void every_copy_holds_what_was_written_to_it_and_no_other(@ForAll("histories") List<Act> history) {
    for (Pair pair : play(history)) {
      for (long base : BASES) {
        long from = Math.max(0, base - 64);
        byte[] found = new byte[2 * WINDOW];
        pair.bytes.read(from, found, 0, found.length);
        assertThat(found).isEqualTo(pair.get(from, found.length));
        assertThat(pair.bytes.getByte(base + 3)).isEqualTo(pair.get(base + 3));
        assertThat(pair.bytes.getLong(base & -8)).isEqualTo(number(pair.get(base & -8, 8)));
        assertThat(pair.bytes.getInt(base & -8)).isEqualTo((int) number(pair.get(base & -8, 4)));
        assertThat(pair.bytes.getShort(base & -8)).isEqualTo((int) number(pair.get(base & -8, 2)));
      }
    }
  }

  @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
  void the_digest_is_equal_exactly_where_the_content_is(@ForAll("histories") List<Act> history) {
    List<Pair> pairs = play(history);
    for (Pair pair : pairs) {
      SparseBytes fresh = new SparseBytes();
      for (Map.Entry<Long, Byte> entry : pair.model.descendingMap().entrySet()) {
        fresh.setByte(entry.getKey(), entry.getValue());
      }
      assertThat(pair.bytes.digest()).isEqualTo(fresh.digest());
      for (Pair other : pairs) {
        assertThat(pair.bytes.digest() == other.bytes.digest()).isEqualTo(pair.model.equals(other.model));
      }
    }
  }

  @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
  void the_visit_finds_every_leaf_that_is_not_zero_and_none_that_was_never_written(@ForAll("histories") List<Act> history) {
    for (Pair pair : play(history)) {
      List<Long> stored = SparseBytesTest.stored(pair.bytes);
      assertThat(stored).isSorted().doesNotHaveDuplicates();
      assertThat(pair.touched).containsAll(stored);
      assertThat(stored).containsAll(pair.model.keySet().stream().map(at -> at & -SparseBytes.LEAF_SIZE).distinct().toList());
    }
  }

  @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
  void the_differences_of_two_copies_are_the_words_in_which_they_differ(@ForAll("histories") List<Act> history) {
    List<Pair> pairs = play(history);
    for (Pair pair : pairs) {
      for (Pair other : pairs) {
        List<Long> found = new ArrayList<>();
        for (long at = pair.bytes.nextDifference(other.bytes, 0); at >= 0; at = pair.bytes.nextDifference(other.bytes, at + 8)) {
          found.add(at);
        }
        TreeSet<Long> words = new TreeSet<>();
        pair.model.keySet().forEach(at -> words.add(at & -8));
        other.model.keySet().forEach(at -> words.add(at & -8));
        words.removeIf(at -> Arrays.equals(pair.get(at, 8), other.get(at, 8)));
        assertThat(found).containsExactlyElementsOf(words);
      }
    }
  }

  @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
  void a_mirror_shows_what_has_changed_since_the_last_look(@ForAll("histories") List<Act> history) {
    Pair pair = new Pair(new SparseBytes(), new TreeMap<>(), new TreeSet<>());
    Mirror mirror = new Mirror(pair.bytes);
    for (Act act : history) {
      TreeMap<Long, Byte> before = new TreeMap<>(pair.model);
      if (act.op != null) {
        act.op.on(pair);
      }
      assertThat(mirror.differs()).isEqualTo(!before.equals(pair.model));
      SparseBytes replayed = new SparseBytes();
      before.forEach(replayed::setByte);
      if (act.which % 2 == 0) {
        mirror.look((at, old, now) -> {
          assertThat(old).isEqualTo(replayed.getLong(at)).isNotEqualTo(now);
          replayed.setLong(at, now);
        });
        assertThat(replayed.digest()).isEqualTo(pair.bytes.copy().digest());
      } else {
        mirror.look((at, old, now) -> {});
      }
      assertThat(mirror.differs()).isFalse();
    }
  }

  private static List<Pair> play(List<Act> history) {
    List<Pair> pairs = new ArrayList<>();
    pairs.add(new Pair(new SparseBytes(), new TreeMap<>(), new TreeSet<>()));
    history.forEach(act -> act.on(pairs));
    return pairs;
  }

  private static long number(byte[] bytes) {
    long value = 0;
    for (int i = 0; i < bytes.length; i++) {
      value |= (bytes[i] & 0xffL) << (8 * i);
    }
    return value;
  }
}
