package org.xenarium.architecture;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableRangeSet;
import com.google.common.collect.Range;
import com.google.common.collect.Sets;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** What the rules of {@link ArchitectureTest} forbid: each method, or each field where there are no methods, breaks the rule. */
final class Offenders {
  enum Colour {
    RED
  }

  static final class Clock {
    long nanoTime() {
      return System.nanoTime();
    }

    LongSupplier reference() {
      return System::currentTimeMillis;
    }

    LongSupplier lambda() {
      return () -> System.currentTimeMillis();
    }

    Duration duration(long nanos) {
      return Duration.ofNanos(nanos);
    }

    long date() {
      return new Date().getTime();
    }
  }

  static final class Randomness {
    double math() {
      return Math.random();
    }

    int random(int bound) {
      return new Random(1).nextInt(bound);
    }

    UUID uuid() {
      return UUID.randomUUID();
    }

    void shuffle(List<?> list) {
      Collections.shuffle(list);
    }

    Object hash() {
      return Hashing.goodFastHash(32);
    }
  }

  static final class HashOrder {
    Map<String, String> hashMap() {
      return new HashMap<>();
    }

    Supplier<Set<String>> reference() {
      return HashSet::new;
    }

    HashMap<?, ?>[] array() {
      return null;
    }

    Set<Integer> setOf() {
      return Set.of(1, 2);
    }

    Set<Integer> setCopyOf(List<Integer> list) {
      return Set.copyOf(list);
    }

    Map<Integer, Integer> mapOf() {
      return Map.of(1, 2, 3, 4);
    }

    Set<Integer> toSet(List<Integer> list) {
      return list.stream().collect(Collectors.toSet());
    }

    Map<Integer, Integer> toMap(List<Integer> list) {
      return list.stream().collect(Collectors.toMap(x -> x, x -> x));
    }

    Map<Integer, List<Integer>> groupingBy(List<Integer> list) {
      return list.stream().collect(Collectors.groupingBy(x -> x));
    }

    Set<Integer> guava() {
      return Sets.newHashSet();
    }
  }

  static final class Identity {
    int system(Object object) {
      return System.identityHashCode(object);
    }

    int object(Object object) {
      return object.hashCode();
    }

    int colour(Colour colour) {
      return colour.hashCode();
    }

    int helper(Object object) {
      return Objects.hash(object);
    }
  }

  static final class Threads {
    Thread thread() {
      return null;
    }

    void sleep() throws InterruptedException {
      Thread.sleep(1);
    }

    int randomNumber() {
      return ThreadLocalRandom.current().nextInt();
    }

    Map<String, String> map() {
      return new ConcurrentHashMap<>();
    }

    long parallel(List<Integer> list) {
      return list.parallelStream().count();
    }

    Object atomic() {
      return new AtomicLong();
    }
  }

  static final class Outside {
    Path path() {
      return Path.of("x");
    }

    void file() throws IOException {
      new java.io.File("x").createNewFile();
    }

    void print() {
      System.out.println();
    }

    String environment() {
      return System.getenv("HOME");
    }

    String property() {
      return System.getProperty("user.home");
    }

    void trace(Exception e) {
      e.printStackTrace();
    }
  }

  static final class Defaults {
    String format() {
      return String.format("%d", 1);
    }

    String formatted() {
      return "%d".formatted(1);
    }

    String upper(String s) {
      return s.toUpperCase();
    }

    UnaryOperator<String> lower() {
      return String::toLowerCase;
    }

    byte[] bytes(String s) {
      return s.getBytes();
    }

    String string(byte[] bytes) {
      return new String(bytes);
    }

    Locale locale() {
      return Locale.getDefault();
    }

    Charset charset() {
      return Charset.defaultCharset();
    }

    Object reader() {
      return new InputStreamReader(System.in);
    }
  }

  static final class ChangingStatics {
    static int number;
    private static volatile Object object;
  }

  static final class MutableStatics {
    static final Map<String, String> MAP = new TreeMap<>();
    private static final List<String> LIST = new ArrayList<>(List.of("x"));
    static final Object QUEUE = new ArrayDeque<>();
    static final int[] NUMBERS = {1};
    private static final Object[] OBJECTS = {"x"};
    static final StringBuilder BUILDER = new StringBuilder();
    static final Object OWN = new Object() {
          private int count;
        };
  }

  /** Not an offender: what the rule on the objects of static fields lets pass. */
  static final class ImmutableStatics {
    static final int NUMBER = 1;
    static final Integer BOXED = 1000;
    static final String STRING = "x";
    static final BigInteger BIG = BigInteger.TEN;
    static final Colour COLOUR = Colour.RED;
    static final Class<?> CLASS = Colour.class;
    static final VarHandle HANDLE = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    static final Comparator<String> LAMBDA = (a, b) -> a.length() - b.length();
    static final Comparator<String> COMBINED = Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder());
    static final List<Integer> LIST = List.of(1, 2, 3);
    static final ImmutableList<Integer> GUAVA_LIST = ImmutableList.of(1, 2, 3);
    static final ImmutableMap<Integer, Integer> GUAVA_MAP = ImmutableMap.of(1, 2, 3, 4);
    static final Object RANGES = ImmutableRangeSet.of(Range.closed(1, 2));
    static final Range<Integer> RANGE = Range.closed(1, 2);
    static final Object HASH = Hashing.farmHashFingerprint64();
    private static final byte[][] NUMBERS = {{1}, {2}};
    private static final Colour[] COLOURS = Colour.values();
  }

  private Offenders() {}
}
