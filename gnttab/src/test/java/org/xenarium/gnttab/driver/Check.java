package org.xenarium.gnttab.driver;

import com.google.common.collect.Sets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.table.GrantLimits;

/**
 * One thing that the documented driver does, as a test that can be run with any version.
 *
 * @param name the sentence, that of the documentation where there is one
 * @param brokenBy the differences each of which makes it fail
 * @param body fails by an error or an exception
 */
record Check(String name, Set<DriverDifference> brokenBy, Consumer<Subject> body) {
  static Check of(String name, Consumer<Subject> body, DriverDifference... brokenBy) {
    return new Check(name, Sets.newHashSet(brokenBy), body);
  }

  /** True when that version is expected to fail. */
  boolean isBrokenIn(DriverVersion version) {
    return brokenBy.stream().anyMatch(version.differences()::contains);
  }

  /** What went wrong with that version, or null. */
  Throwable run(DriverVersion version) {
    return run(new Subject(version));
  }

  Throwable run(Subject subject) {
    try {
      body.accept(subject);
      return null;
    } catch (AssertionError | RuntimeException e) {
      return e;
    }
  }

  /** Makes machines whose guests have the driver under test. */
  record Subject(DriverVersion version, List<DriverBench> made) {
    Subject(DriverVersion version) {
      this(version, new ArrayList<>());
    }

    private DriverBench made(DriverBench bench) {
      made.add(bench);
      return bench;
    }

    /** What the drivers of all machines said. */
    Stream<Rule> said() {
      return made.stream().flatMap(bench -> bench.said.stream());
    }

    /** With one extended region, RAM not direct-mapped. */
    DriverBench bench() {
      return bench(config -> config);
    }

    DriverBench bench(UnaryOperator<DriverConfig> configure) {
      return made(new DriverBench(config -> configure.apply(config.withVersion(version))));
    }

    /** Without regions; the mapper's RAM is direct-mapped. */
    DriverBench direct() {
      return direct(DriverBench.HEAP_PAGES);
    }

    DriverBench direct(int heapPages) {
      UnaryOperator<DriverConfig> configure = config -> config.withVersion(version).withRegions().withHeap(DriverBench.HEAP, heapPages);
      return made(new DriverBench(configure, true, DriverBench.PAGES + 16, GrantLimits.DEFAULT));
    }

    /** Without regions, RAM not direct-mapped. */
    DriverBench ordinary(long maxPages) {
      return made(new DriverBench(config -> config.withVersion(version).withRegions(), false, maxPages, GrantLimits.DEFAULT));
    }

    /** Tables of at most so many frames. */
    DriverBench limited(int frames) {
      GrantLimits limits = new GrantLimits(frames, GrantLimits.DEFAULT.maxMaptrackFrames());
      return made(new DriverBench(config -> config.withVersion(version), false, DriverBench.PAGES + 16, limits));
    }
  }
}
