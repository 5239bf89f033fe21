package org.xenarium.scenarios.recording;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Line 1 of a recording in the xen-core format (docs/reference/recordings.md).
 *
 * @param trace name of the recording
 * @param seed of the generator that made its operations
 * @param optMaxVersion 1 or 2: what Xen's option {@code gnttab=max-ver} allowed
 * @param preempt always 0: no call was continued
 * @param domains in the order of the file, at least one
 */
public record CoreHeader(String trace, long seed, int optMaxVersion, int preempt, List<CoreDomain> domains) {
  private static final Names NAMES = new Names("the header", "trace", "seed", "opt_max_version", "preempt", "domains");

  public CoreHeader {
    domains = List.copyOf(domains);
  }

  /** The domain of that id, if the header declares it. */
  public Optional<CoreDomain> domain(int id) {
    return domains.stream().filter(domain -> domain.id() == id).findFirst();
  }

  /** Reads the fields of the object that {@code json} is in. */
  static CoreHeader read(JsonLines json) throws RecordingException {
    String trace = "";
    long seed = 0;
    int maxVersion = 0;
    int preempt = 0;
    List<CoreDomain> domains = List.of();
    long seen = 0;
    for (int field; (field = json.field(NAMES, seen)) >= 0; seen |= 1L << field) {
      switch (NAMES.name(field)) {
        case "trace" -> trace = json.string();
        case "seed" -> seed = json.number(Range.U64);
        case "opt_max_version" -> maxVersion = (int) json.number(Range.of(1, 2));
        case "preempt" -> preempt = (int) json.number(Range.of(0, 0));
        default -> domains = domains(json);
      }
    }
    json.require(NAMES, Names.first(NAMES.names().size()), seen);
    return new CoreHeader(trace, seed, maxVersion, preempt, domains);
  }

  private static List<CoreDomain> domains(JsonLines json) throws RecordingException {
    List<CoreDomain> domains = new ArrayList<>();
    json.beginArray();
    while (json.nextObject()) {
      CoreDomain read = CoreDomain.read(json);
      if (domains.stream().anyMatch(domain -> domain.id() == read.id())) {
        throw json.here("\"domains\": domain " + read.id() + " is given twice");
      }
      domains.add(read);
    }
    if (domains.isEmpty()) {
      throw json.here("\"domains\": expected at least one domain, found none");
    }
    return domains;
  }
}
