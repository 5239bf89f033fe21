package org.xenarium.scenarios.recording;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What must hold between the lines of one domain in the arm64 format. Lines of other domains may come anywhere in between, even inside a
 * batch: the guest prints the elements of a batch one by one, after the call.
 */
final class ArmOrder {
  /** The last line of a domain. */
  private static final class Last {
    final int dom;
    long seq;
    long batch = -1;
    long highestBatch;
    @Nullable ArmOperation operation;
    boolean ended;

    Last(int dom) {
      this.dom = dom;
    }
  }

  private final List<Last> domains;

  ArmOrder(List<Integer> domains) {
    this.domains = domains.stream().map(Last::new).toList();
  }

  /** Whether the header declares the domain. */
  boolean declares(int dom) {
    return find(dom) != null;
  }

  private @Nullable Last find(int dom) {
    // Few domains: a loop is faster than a map.
    for (int i = 0; i < domains.size(); i++) {
      if (domains.get(i).dom == dom) {
        return domains.get(i);
      }
    }
    return null;
  }

  /** What is wrong with the line where it stands; null if nothing is. The line's domain is declared. */
  @Nullable String problem(ArmLine line) {
    Last last = find(line.dom);
    if (last == null) {
      return "domain " + line.dom + " is not declared";
    }
    if (last.ended) {
      return "domain " + line.dom + " goes on after a line that hung or crashed";
    }
    if (line.seq != last.seq + 1) {
      return "\"seq\": expected " + (last.seq + 1) + ", as each domain counts its own lines from 1, found " + line.seq;
    }
    String problem = line.batch < 0 ? null : batchProblem(line, last);
    last.seq = line.seq;
    last.batch = line.batch;
    last.highestBatch = Math.max(last.highestBatch, line.batch);
    last.operation = line.operation;
    last.ended = !line.hasResults();
    return problem;
  }

  private static @Nullable String batchProblem(ArmLine line, Last last) {
    if (line.batch != last.batch) {
      return line.batch > last.highestBatch ? null
          : "\"batch\": expected a number above " + last.highestBatch + ", as the lines of a batch are consecutive, found " + line.batch;
    }
    if (line.operation != last.operation && last.operation != null) {
      return "batch " + line.batch + " mixes " + last.operation.recordedName() + " and " + line.operation.recordedName();
    }
    if (!line.hasResults()) {
      return "batch " + line.batch + " hangs or crashes after it has shown results";
    }
    return null;
  }
}
