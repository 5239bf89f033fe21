package org.xenarium.scenarios.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.xenarium.scenarios.recording.Spelling;

/** Reads what is to hold at every step: {@code all}, or a list of numbers, those of guests with a domain in front if it is about one of them. */
final class WatchedReader {
  private static final String CALLS = Stream.of(CallProperty.values()).map(CallProperty::id).collect(Collectors.joining(", "));

  private final Problems problems;
  private final Set<String> domains;

  WatchedReader(Problems problems, Set<String> domains) {
    this.problems = problems;
    this.domains = domains;
  }

  List<Watched> read(@Nullable Node node) {
    List<Watched> all = new ArrayList<>();
    if (node instanceof SequenceNode list) {
      list.getValue().forEach(entry -> one(entry, all));
    } else if (node != null) {
      one(node, all);
    }
    return all;
  }

  private void one(Node node, List<Watched> all) {
    if (!(node instanceof ScalarNode scalar)) {
      problems.add(Yaml.place(node), "\"invariants\": expected a number such as I19 or A.G3, found " + Yaml.found(node));
      return;
    }
    String text = scalar.getValue();
    int dot = text.indexOf('.');
    Watched watched = new Watched(dot < 0 ? "" : text.substring(0, dot), text.substring(dot + 1));
    if (!Watched.NUMBERS.contains(watched.number())) {
      String near = Spelling.nearest(watched.number(), Watched.NUMBERS);
      problems.add(Yaml.place(node), "unknown invariant \"" + watched.number() + "\""
          + (near == null ? "; known are I1 to I72, G1 to G15, " + CALLS + ", model and all" : "; did you mean \"" + near + "\"?"));
    } else if (!watched.domain().isEmpty() && !domains.contains(watched.domain())) {
      problems.add(Yaml.place(node), "unknown domain \"" + watched.domain() + "\"");
    } else if (!watched.domain().isEmpty() && !watched.isOfGuests()) {
      problems.add(Yaml.place(node), watched.number() + " is about the hypervisor, not about a domain");
    } else {
      all.add(watched);
    }
  }
}
