package org.xenarium.gnttab.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** The immutable map against the platform's. */
class LongMapProperties {
  @Property(tries = 300)
  void it_holds_what_was_put_last_in_the_order_of_unsigned_keys(@ForAll @Size(max = 60) List<Long> keys, @ForAll boolean close) {
    LongMap<String> map = LongMap.empty();
    TreeMap<Long, String> expected = new TreeMap<>(Long::compareUnsigned);
    List<LongMap<String>> earlier = new ArrayList<>();
    List<Map<Long, String>> expectedEarlier = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      long key = close ? keys.get(i) & 63 : keys.get(i);
      String value = i % 3 == 2 ? null : "value " + i;
      map = map.with(key, value);
      if (value == null) {
        expected.remove(key);
      } else {
        expected.put(key, value);
      }
      earlier.add(map);
      expectedEarlier.add(new TreeMap<>(expected));
    }
    for (int i = 0; i < earlier.size(); i++) {
      assertThat(content(earlier.get(i))).as("an earlier map is not changed by a later one").isEqualTo(expectedEarlier.get(i));
    }
    List<Long> order = new ArrayList<>();
    map.forEach((key, value) -> order.add(key));
    assertThat(order).containsExactlyElementsOf(expected.keySet());
  }

  private static Map<Long, String> content(LongMap<String> map) {
    Map<Long, String> content = new TreeMap<>();
    map.forEach((key, value) -> {
      assertThat(map.get(key)).isEqualTo(value);
      content.put(key, value);
    });
    assertThat(map.size()).isEqualTo(content.size());
    return content;
  }
}
