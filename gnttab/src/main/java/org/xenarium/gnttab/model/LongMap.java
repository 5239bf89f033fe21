package org.xenarium.gnttab.model;

import org.jspecify.annotations.Nullable;

/**
 * An immutable map from numbers to values. A changed map is a new one that shares all but the changed path with the old: a tree that branches at
 * the highest bit in which its keys differ.
 *
 * @param <V> of what
 */
final class LongMap<V> {
  /** Visits keys and their values. */
  @FunctionalInterface
  interface Visitor<V> {
    void visit(long key, V value);
  }

  private sealed interface Node<V> permits Leaf, Fork {}

  private record Leaf<V>(long key, V value) implements Node<V> {}

  /** All keys below agree in the bits above {@code bit}, which has two values. */
  private record Fork<V>(long prefix, long bit, Node<V> zero, Node<V> one) implements Node<V> {
    boolean holds(long key) {
      return above(key, bit) == prefix;
    }
  }

  private static final LongMap<?> EMPTY = new LongMap<>(null, 0);

  private final @Nullable Node<V> root;
  private final int size;

  private LongMap(@Nullable Node<V> root, int size) {
    this.root = root;
    this.size = size;
  }

  @SuppressWarnings("unchecked")
  static <V> LongMap<V> empty() {
    return (LongMap<V>) EMPTY;
  }

  int size() {
    return size;
  }

  @Nullable V get(long key) {
    Node<V> node = root;
    while (node instanceof Fork<V> fork) {
      node = (key & fork.bit) == 0 ? fork.zero : fork.one;
    }
    return node instanceof Leaf<V> leaf && leaf.key == key ? leaf.value : null;
  }

  /** This map with that value; null for without that key. */
  LongMap<V> with(long key, @Nullable V value) {
    boolean had = get(key) != null;
    if (value == null) {
      return had && root != null ? new LongMap<>(remove(root, key), size - 1) : this;
    }
    return new LongMap<>(root == null ? new Leaf<>(key, value) : put(root, key, value), had ? size : size + 1);
  }

  private static <V> Node<V> put(Node<V> node, long key, V value) {
    switch (node) {
      case Leaf<V> leaf -> {
        return leaf.key == key ? new Leaf<>(key, value) : fork(leaf, leaf.key, key, value);
      }
      case Fork<V> fork -> {
        if (!fork.holds(key)) {
          return fork(fork, fork.prefix, key, value);
        }
        return (key & fork.bit) == 0
            ? new Fork<>(fork.prefix, fork.bit, put(fork.zero, key, value), fork.one)
            : new Fork<>(fork.prefix, fork.bit, fork.zero, put(fork.one, key, value));
      }
    }
  }

  private static <V> Node<V> fork(Node<V> old, long oldKey, long key, V value) {
    long bit = Long.highestOneBit(oldKey ^ key);
    Leaf<V> leaf = new Leaf<>(key, value);
    return (key & bit) == 0 ? new Fork<>(above(key, bit), bit, leaf, old) : new Fork<>(above(key, bit), bit, old, leaf);
  }

  private static <V> @Nullable Node<V> remove(Node<V> node, long key) {
    if (!(node instanceof Fork<V> fork)) {
      return null;
    }
    boolean zero = (key & fork.bit) == 0;
    Node<V> rest = remove(zero ? fork.zero : fork.one, key);
    if (rest == null) {
      return zero ? fork.one : fork.zero;
    }
    return zero ? new Fork<>(fork.prefix, fork.bit, rest, fork.one) : new Fork<>(fork.prefix, fork.bit, fork.zero, rest);
  }

  private static long above(long key, long bit) {
    return key & -bit & ~bit;
  }

  /** Visits all, keys as unsigned numbers in ascending order. */
  void forEach(Visitor<? super V> visitor) {
    if (root != null) {
      visit(root, visitor);
    }
  }

  private static <V> void visit(Node<V> node, Visitor<? super V> visitor) {
    switch (node) {
      case Leaf<V> leaf -> visitor.visit(leaf.key, leaf.value);
      case Fork<V> fork -> {
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

  private static <V, R> @Nullable R find(Node<V> node, Finder<? super V, R> finder) {
    return switch (node) {
      case Leaf<V> leaf -> finder.look(leaf.key, leaf.value);
      case Fork<V> fork -> {
        R found = find(fork.zero, finder);
        yield found == null ? find(fork.one, finder) : found;
      }
    };
  }
}
