package org.xenarium.gnttab.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.kit.Bench.A;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.state.SparseBytes;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Struct;

/** Entries in use are found as by a look at each. */
class SharedEntriesTest extends OnBench {
  private static final int BITS = 0x18;

  private Domain domain;
  private GrantTable table;

  private void useTable(int version) {
    startFrom(Bench.setup().v2(A).start());
    a.call(Struct.setVersion(version));
    domain = bench.machine().domain(A);
    table = GrantTable.of(domain);
    table.grow(10);
    assertThat(table.version()).isEqualTo(version);
  }

  /** Marks a few entries, and writes other bits into many. */
  private void write(Random random) {
    SparseBytes content = domain.world().memory().content();
    for (int i = 0; i < 40; i++) {
      int ref = random.nextInt(table.entryCount());
      boolean marks = i % 8 == 0;
      content.setShort(SharedEntries.statusAddress(domain, table, ref), marks ? BITS & random.nextInt() | 8 : 0x7fe0);
      content.setShort(SharedEntries.address(domain, table, random.nextInt(table.entryCount())) + 6, 0xffff);
    }
  }

  private List<Integer> visited(IntUnaryOperator next) {
    List<Integer> found = new ArrayList<>();
    for (int ref = next.applyAsInt(0); ref < table.entryCount(); ref = next.applyAsInt(ref + 1)) {
      found.add(ref);
    }
    return found;
  }

  private List<Integer> all(IntUnaryOperator bits) {
    List<Integer> found = new ArrayList<>();
    for (int ref = 0; ref < table.entryCount(); ref++) {
      if (bits.applyAsInt(ref) != 0) {
        found.add(ref);
      }
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void entries_with_bits_are_found_in_order(int version) {
    useTable(version);
    Random random = new Random(version);
    assertThat(visited(ref -> SharedEntries.nextWithStatus(domain, table, ref, BITS))).isEmpty();
    for (int round = 0; round < 20; round++) {
      write(random);
      assertThat(visited(ref -> SharedEntries.nextWithStatus(domain, table, ref, BITS)))
          .isEqualTo(all(ref -> SharedEntries.status(domain, table, ref) & BITS)).isNotEmpty();
      assertThat(visited(ref -> SharedEntries.nextWithFlags(domain, table, ref, 0x60)))
          .isEqualTo(all(ref -> SharedEntries.header(domain, table, ref) & 0x60));
    }
  }
}
