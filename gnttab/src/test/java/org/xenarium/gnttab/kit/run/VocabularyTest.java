package org.xenarium.gnttab.kit.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_02A;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_04E;
import static org.xenarium.gnttab.rule.GrantRule.CLAIM_05;
import static org.xenarium.gnttab.rule.GrantRule.COPY_08;
import static org.xenarium.gnttab.rule.GrantRule.COPY_11;
import static org.xenarium.gnttab.rule.GrantRule.FLUSH_06;
import static org.xenarium.gnttab.rule.GrantRule.MAP_05;
import static org.xenarium.gnttab.rule.GrantRule.MAP_07A;
import static org.xenarium.gnttab.rule.GrantRule.MAP_07B;
import static org.xenarium.gnttab.rule.GrantRule.MAP_08C;
import static org.xenarium.gnttab.rule.GrantRule.MAP_09;
import static org.xenarium.gnttab.rule.GrantRule.MAP_12;
import static org.xenarium.gnttab.rule.GrantRule.MAP_13A;
import static org.xenarium.gnttab.rule.GrantRule.MAP_14;
import static org.xenarium.gnttab.rule.GrantRule.SETUP_05;
import static org.xenarium.gnttab.rule.GrantRule.SWAP_03A;
import static org.xenarium.gnttab.rule.GrantRule.SWAP_04;
import static org.xenarium.gnttab.rule.GrantRule.UNMAP_08B;
import static org.xenarium.gnttab.rule.GrantRule.UNMAP_09;
import static org.xenarium.gnttab.rule.GrantRule.UNMAP_10;
import static org.xenarium.gnttab.rule.GrantRule.UNMAP_11;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.Decisions;

/** Guards the properties against passing because nothing happens: random runs meet the rules that matter, and often. */
class VocabularyTest {
  private static final int SEEDS = 150;

  private static final Rule[] WILD = {
    MAP_05, MAP_07A, MAP_07B, MAP_08C, MAP_09, MAP_12, MAP_13A, MAP_14,
    UNMAP_08B, UNMAP_09, UNMAP_10, UNMAP_11,
    COPY_08, COPY_11, CLAIM_02A, CLAIM_04E, CLAIM_05,
    SWAP_03A, SWAP_04, SETUP_05, FLUSH_06
  };

  private static Map<Rule, Integer> decided(boolean good) {
    Map<Rule, Integer> counts = new HashMap<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      Run run = good ? Run.good() : Run.wild();
      Vocabulary.draw(seed, 60).forEach(run::play);
      for (int domid : new int[] {Bench.A, Bench.B, Bench.C}) {
        for (int vcpu = 0; vcpu < 2; vcpu++) {
          for (Decisions.Decision decision : run.bench().decisions().of(domid, vcpu, 0)) {
            counts.merge(decision.rule(), 1, Integer::sum);
          }
        }
      }
    }
    return counts;
  }

  @Test
  void wild_guests_meet_every_rule_that_matters() {
    Map<Rule, Integer> counts = decided(false);
    assertThat(counts).containsKeys(WILD);
    assertThat(counts.get(MAP_14)).isGreaterThan(20 * SEEDS);
    assertThat(counts.get(UNMAP_11)).isGreaterThan(SEEDS);
    assertThat(counts.get(COPY_11)).isGreaterThan(SEEDS / 2);
  }

  @Test
  void good_guests_get_much_done_and_never_end_a_mapping_at_a_wrong_place() {
    Map<Rule, Integer> counts = decided(true);
    assertThat(counts.get(MAP_14)).isGreaterThan(20 * SEEDS);
    assertThat(counts.get(UNMAP_11)).isGreaterThan(3 * SEEDS);
    assertThat(counts.get(COPY_11)).isGreaterThan(3 * SEEDS);
    assertThat(counts).doesNotContainKeys(UNMAP_08B, UNMAP_10);
  }
}
