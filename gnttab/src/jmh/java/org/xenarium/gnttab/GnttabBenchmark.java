package org.xenarium.gnttab;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Grant operations through guest memory and hypercalls, one thread, and beside them a hand-written loop that does only what a map and an unmap
 * cannot avoid. Scores are nanoseconds per pair, or per copy.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class GnttabBenchmark {
  /** What a pair cannot avoid: reading 56 bytes, two compare-and-swaps, writing 34 bytes, two list moves. */
  @Benchmark
  public int plainLoop(PlainPair pair) {
    return pair.run();
  }

  @Benchmark
  public long mapUnmap(Guests guests) {
    return guests.mapUnmap(1);
  }

  @Benchmark
  @OperationsPerInvocation(32)
  public long mapUnmap32(Guests guests) {
    return guests.mapUnmap(32);
  }

  /** As {@link #mapUnmap}, all invariants looked at after every step and every call. */
  @Benchmark
  public long mapUnmapWatched(WatchedGuests guests) {
    return guests.mapUnmap(1);
  }

  /** As {@link #mapUnmap}, all invariants of guests looked at. */
  @Benchmark
  public long mapUnmapGuestWatched(GuestWatchedGuests guests) {
    return guests.mapUnmap(1);
  }

  /** As {@link #grantMapUnmapEnd}, all invariants of guests looked at. */
  @Benchmark
  public long grantMapUnmapEndGuestWatched(GuestWatchedGuests guests) {
    return grantMapUnmapEnd(guests);
  }

  /** As {@link #mapUnmap}, followed by the reference model. */
  @Benchmark
  public long mapUnmapFollowed(FollowedGuests guests) {
    return guests.mapUnmap(1);
  }

  /** Everything there is looked at, by all invariants. */
  @Benchmark
  public int audit(WatchedGuests guests) {
    return guests.audit();
  }

  /** A page is granted, mapped, unmapped and taken back, by the guests' drivers. */
  @Benchmark
  public long grantMapUnmapEnd(Guests guests) {
    int ref = guests.grant();
    guests.mapUnmapRef(ref);
    return guests.end(ref);
  }

  @Benchmark
  public long copy64(Guests guests) {
    return guests.copy(64);
  }

  @Benchmark
  public long copy4096(Guests guests) {
    return guests.copy(4096);
  }
}
