package org.xenarium.gnttab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.abi.GntStatus.BAD_DOMAIN;
import static org.xenarium.gnttab.abi.GntStatus.BAD_PAGE;
import static org.xenarium.gnttab.abi.GntStatus.OKAY;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.PLACE;
import static org.xenarium.gnttab.kit.End.grant;
import static org.xenarium.gnttab.kit.End.own;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Struct;

/** Domains destroyed while a call is in flight, before each of its steps. */
class DeathDuringCallsTest extends OnBench {
  private static final Struct MAP = Struct.map(A, 8, RW, PLACE);
  private static final Struct COPY = Struct.copy(grant(A, 8), own(OWN), 16);

  /** Destroys {@code victim} before each step of B's call in turn and looks at what is left. */
  private void beforeEachStep(int victim, Consumer<Bench> preparation, Struct struct, Runnable check) {
    for (int steps = 1; ; steps++) {
      startFrom(Bench.start());
      preparation.accept(bench);
      b.issue(struct);
      for (int i = 0; i < steps; i++) {
        b.step();
      }
      if (b.vcpu().call() == null) {
        return;
      }
      bench.machine().destroyDomain(victim);
      check.run();
    }
  }

  private void expectNothingLeftOfB() {
    assertThat(bench.pins()).isEmpty();
    assertThat(f()).isEqualTo(0x0001);
    bench.watch().audit();
  }

  @Test
  void a_mapper_that_dies_in_a_call_leaves_nothing_behind() {
    beforeEachStep(B, start -> {}, MAP, this::expectNothingLeftOfB);
    beforeEachStep(B, start -> start.b().map(A, 8, RW, PLACE), Struct.unmap(PLACE, 0), this::expectNothingLeftOfB);
    beforeEachStep(B, start -> {}, COPY, this::expectNothingLeftOfB);
  }

  @Test
  void a_call_goes_on_when_the_granter_dies() {
    beforeEachStep(
        A,
        start -> {},
        MAP,
        () -> {
          b.finish();
          int status = b.reply(MAP).get(0).status();
          assertThat(status).isIn(OKAY, BAD_PAGE, BAD_DOMAIN);
          assertThat(bench.isListed(A)).isEqualTo(status == OKAY);
          bench.watch().audit();
        });
    beforeEachStep(
        A,
        start -> {},
        COPY,
        () -> {
          b.finish();
          assertThat(b.reply(COPY).get(0).status()).isIn(OKAY, BAD_PAGE, BAD_DOMAIN);
          assertThat(bench.isListed(A)).isFalse();
          bench.watch().audit();
        });
  }

  @Test
  void an_unmap_goes_on_when_the_granter_dies() {
    Struct unmap = Struct.unmap(PLACE, 0);
    beforeEachStep(
        A,
        start -> start.b().map(A, 8, RW, PLACE),
        unmap,
        () -> {
          b.finish();
          assertThat(b.reply(unmap).get(0).status()).isEqualTo(OKAY);
          assertThat(bench.isListed(A)).isFalse();
          bench.watch().audit();
        });
  }
}
