package org.xenarium.gnttab.model;

import org.jspecify.annotations.Nullable;

/**
 * An immutable map from numbers to values. A changed map is a new one that shares all but the changed path with the old: a tree that branches at
 * the highest bit in which its keys differ, and holds the values of keys that lie close together side by side, because most do.
 *
 * @param <V> of what
 */
final class LongMap<V> {
  /** Visits keys and their values. */
  @FunctionalInterface
  interface Visitor<V> {
    void visit(long key, V value);
  }

  private static final int ROW_BITS = 4;
  private static final int ROW = 1 << ROW_BITS;

  private sealed interface Node permits Row, Fork {}

  /** The values of keys that agree in all bits but the lowest; one at least. */
  private record Row(long number, @Nullable Object[] values) implements Node {
    Row with(long key, @Nullable Object value) {
      @Nullable Object[] changed = values.clone();
      changed[place(key)] = value;
      return new Row(number, changed);
    }

    static Row of(long key, Object value) {
      return new Row(row(key), new Object[ROW]).with(key, value);
    }

    boolean isEmpty() {
      for (Object value : values) {
        if (value != null) {
          return false;
        }
      }
      return true;
    }
  }

  /** The numbers of all rows below agree in the bits above {@code bit}, which has two values. */
  private record Fork(long prefix, long bit, Node zero, Node one) implements Node {
    boolean holds(long number) {
      return above(number, bit) == prefix;
    }

    Node towards(long number) {
      return (number & bit) == 0 ? zero : one;
    }

    Fork with(long number, Node below) {
      return (number & bit) == 0 ? new Fork(prefix, bit, below, one) : new Fork(prefix, bit, zero, below);
    }
  }

  private static final LongMap<?> EMPTY = new LongMap<>(null, 0);

  private final @Nullable Node root;
  private final int size;

  private LongMap(@Nullable Node root, int size) {
    this.root = root;
    this.size = size;
  }

  @SuppressWarnings("unchecked")
  static <V> LongMap<V> empty() {
    return (LongMap<V>) EMPTY;
  }

  private static long row(long key) {
    return key >>> ROW_BITS;
  }

  private static int place(long key) {
    return (int) key & (ROW - 1);
  }

  int size() {
    return size;
  }

  @SuppressWarnings("unchecked")
  @Nullable V get(long key) {
    long number = row(key);
    Node node = root;
    while (node instanceof Fork fork) {
      node = fork.towards(number);
    }
    return node instanceof Row row && row.number == number ? (V) row.values[place(key)] : null;
  }

  /** This map with that value; null for without that key. */
  LongMap<V> with(long key, @Nullable V value) {
    boolean had = get(key) != null;
    if (value == null) {
      return had && root != null ? new LongMap<>(remove(root, key), size - 1) : this;
    }
    return new LongMap<>(root == null ? Row.of(key, value) : put(root, key, value), had ? size : size + 1);
  }

  private static Node put(Node node, long key, Object value) {
    long number = row(key);
    return switch (node) {
      case Row row -> row.number == number ? row.with(key, value) : fork(row, row.number, key, value);
      case Fork fork -> fork.holds(number) ? fork.with(number, put(fork.towards(number), key, value)) : fork(fork, fork.prefix, key, value);
    };
  }

  private static Node fork(Node old, long oldNumber, long key, Object value) {
    long number = row(key);
    long bit = Long.highestOneBit(oldNumber ^ number);
    Row row = Row.of(key, value);
    return (number & bit) == 0 ? new Fork(above(number, bit), bit, row, old) : new Fork(above(number, bit), bit, old, row);
  }

  private static @Nullable Node remove(Node node, long key) {
    long number = row(key);
    return switch (node) {
      case Row row -> {
        Row rest = row.with(key, null);
        yield rest.isEmpty() ? null : rest;
      }
      case Fork fork -> {
        Node rest = remove(fork.towards(number), key);
        yield rest == null ? fork.towards(~number) : fork.with(number, rest);
      }
    };
  }

  private static long above(long number, long bit) {
    return number & -bit & ~bit;
  }

  /** Visits all, keys as unsigned numbers in ascending order. */
  void forEach(Visitor<? super V> visitor) {
    if (root != null) {
      visit(root, visitor);
    }
  }

  @SuppressWarnings("unchecked")
  private static <V> void visit(Node node, Visitor<? super V> visitor) {
    switch (node) {
      case Row row -> {
        for (int i = 0; i < ROW; i++) {
          if (row.values[i] != null) {
            visitor.visit(row.number << ROW_BITS | i, (V) row.values[i]);
          }
        }
      }
      case Fork fork -> {
        visit(fork.zero, visitor);
        visit(fork.one, visitor);
      }
    }
  }

  /** The first value, in the order of keys, for which {@code found} gives something; what it gives. */
  <R> @Nullable R first(Finder<? super V, R> finder) {
    return root == null ? null : find(root, finder);
  }

  /** Looks for something among keys and values. */
  @FunctionalInterface
  interface Finder<V, R> {
    @Nullable R look(long key, V value);
  }

  @SuppressWarnings("unchecked")
  private static <V, R> @Nullable R find(Node node, Finder<? super V, R> finder) {
    switch (node) {
      case Row row -> {
        R found = null;
        for (int i = 0; i < ROW && found == null; i++) {
          found = row.values[i] == null ? null : finder.look(row.number << ROW_BITS | i, (V) row.values[i]);
        }
        return found;
      }
      case Fork fork -> {
        R found = find(fork.zero, finder);
        return found == null ? find(fork.one, finder) : found;
      }
    }
  }
}
