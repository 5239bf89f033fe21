package org.xenarium.gnttab.race;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.C;
import static org.xenarium.gnttab.kit.Bench.GRANTED;
import static org.xenarium.gnttab.kit.Bench.PLACE;
import static org.xenarium.gnttab.kit.Bench.TABLE;
import static org.xenarium.gnttab.kit.End.grant;
import static org.xenarium.gnttab.kit.End.own;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenarium.gnttab.abi.GntStatus;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.Interleavings;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Struct;
import org.xenarium.gnttab.rule.GrantRule;

/** A transitive grant of version 2 pins two entries: the one behind it has a lock of its own (spec §3.5.4, §8.1). */
class TransitiveLocksTest extends OnBench {
  private static final int TRANSITIVE = 3;
  private static final Struct MAP = Struct.map(C, 8, RO, PLACE);
  private static final Struct COPY = Struct.copy(grant(A, 8), own(OWN), 16);

  /** C grants a page to A, and A passes it on to B by its entry 8. */
  @BeforeEach
  void passedOn() {
    startFrom(Bench.setup().third().v2(A).start());
    bench.c().memory().addGrantFrame(0, TABLE);
    bench.c().grant(8, A, GRANTED);
    a.call(Struct.setVersion(2)).returns(0, GrantRule.SETVER_10);
    long entry = (TABLE << 12) + 16 * 8;
    a.store(entry + 4, 4, C);
    a.store(entry + 8, 8, 8);
    a.store(entry, 4, B << 16 | TRANSITIVE);
  }

  @Test
  void a_claim_through_a_transitive_grant_waits_while_the_entry_behind_it_is_held() {
    a.issue(MAP);
    a.stepTo("FRAME");
    b.issue(COPY);
    while (b.isEnabled()) {
      b.step();
    }
    assertThat(b.vcpu().call()).as("B waits in the middle of its copy").isNotNull();
    assertThat(bench.readPins(C, 8)).isZero();
    a.stepTo("INSERT");
    assertThat(b.isEnabled()).isTrue();
  }

  @Test
  void a_map_and_a_copy_of_the_same_page_leave_the_pin_of_the_map_in_every_order() {
    a.issue(MAP);
    b.issue(COPY);
    Interleavings.ofAll(
        bench,
        end -> {
          assertThat(end.a().reply(MAP).get(0).status()).isEqualTo(GntStatus.OKAY);
          assertThat(end.b().reply(COPY).get(0).status()).isEqualTo(GntStatus.OKAY);
          assertThat(end.readPins(C, 8)).isEqualTo(1);
          assertThat(end.c().flags(8)).isEqualTo(0x0009);
          end.watch().audit();
        },
        a,
        b);
  }
}
