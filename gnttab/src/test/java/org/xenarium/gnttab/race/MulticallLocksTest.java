package org.xenarium.gnttab.race;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.C;
import static org.xenarium.gnttab.kit.Bench.GRANTED;
import static org.xenarium.gnttab.kit.Bench.NOBODY;
import static org.xenarium.gnttab.kit.Bench.PLACE;
import static org.xenarium.gnttab.kit.Bench.TABLE;
import static org.xenarium.gnttab.kit.End.grant;
import static org.xenarium.gnttab.kit.End.own;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.domain.Lock;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.hypercall.Multicall;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.Guest;
import org.xenarium.gnttab.kit.OnBench;
import org.xenarium.gnttab.kit.Struct;
import org.xenarium.gnttab.rule.GrantRule;

/** A call in a multicall needs and holds, at each of its steps, the locks and domains that it needs and holds alone (spec §8.1). */
class MulticallLocksTest extends OnBench {
  private static final long ENTRY = (OWN + 4) << 12;

  /** What was seen at least once, so that the comparison was one of something. */
  private final Set<String> seen = new TreeSet<>();

  /** A passes on a page of C to B by its entry 8 and grants one of its own by entry 9. */
  @BeforeEach
  void grants() {
    startFrom(Bench.setup().third().v2(A).start());
    bench.c().memory().addGrantFrame(0, TABLE);
    bench.c().grant(8, A, GRANTED);
    a.call(Struct.setVersion(2)).returns(0, GrantRule.SETVER_10);
    entry(8, 3, C, 8);
    entry(9, 1, 0, GRANTED);
    b.map(A, 9, RW, PLACE).says(0, GrantRule.MAP_14);
  }

  private void entry(int ref, int type, int word4, long word8) {
    long at = (TABLE << 12) + 16L * ref;
    a.store(at + 4, 4, word4);
    a.store(at + 8, 8, word8);
    a.store(at, 4, B << 16 | type);
  }

  private void compare(Struct... structs) {
    Bench alone = bench.copy();
    alone.b().issue(structs);
    alone.b().step();
    Bench within = bench.copy();
    Guest caller = within.b();
    caller.write(caller.arguments(), structs);
    long[] words = {20, 0, structs[0].op(), caller.arguments(), structs.length};
    for (int i = 0; i < words.length; i++) {
      caller.store(ENTRY + 8L * i, 8, words[i]);
    }
    caller.vcpu().issue(Multicall.HYPERCALL, ENTRY, 1, 0);
    for (String step : new String[] {"HVC", "READ", "START"}) {
      assertThat(claims(caller)).as("before %s", step).isEqualTo("needs 0 holds 0 refers to []");
      caller.step();
    }
    while (alone.b().vcpu().call() != null) {
      assertThat(claims(caller)).isEqualTo(claims(alone.b()));
      alone.b().step();
      caller.step();
    }
    assertThat(caller.phase()).isEqualTo("WRITE_RESULT");
    assertThat(claims(caller)).isEqualTo("needs 0 holds 0 refers to []");
  }

  private String claims(Guest guest) {
    Routine call = guest.vcpu().call();
    if (call == null) {
      return "needs 0 holds 0 refers to []";
    }
    Set<Integer> domains = new TreeSet<>();
    for (int domid : new int[] {A, B, C, NOBODY}) {
      if (call.refersTo(domid)) {
        domains.add(domid);
      }
    }
    note("needs", call.needs(guest.vcpu()) != Lock.NONE);
    note("holds", call.holds(guest.vcpu()) != Lock.NONE);
    note("refers", !domains.isEmpty());
    return "needs " + call.needs(guest.vcpu()) + " holds " + call.holds(guest.vcpu()) + " refers to " + domains;
  }

  private void note(String what, boolean present) {
    if (present) {
      seen.add(what);
    }
  }

  @Test
  void every_operation_claims_the_same_alone_and_within() {
    compare(Struct.map(A, 9, RO, place(1)), Struct.map(A, 512, RO, place(1)), Struct.map(NOBODY, 9, RO, place(1)));
    compare(Struct.unmap(PLACE, 0), Struct.unmap(PLACE, 0));
    compare(Struct.copy(grant(A, 8), own(OWN), 16), Struct.copy(own(OWN), grant(A, 9), 16));
    compare(Struct.copy(grant(A, 9), grant(A, 8), 16));
    compare(Struct.swap(9, 10));
    compare(Struct.flush(bench.dev(A, GRANTED), 0, 64, 1));
    compare(Struct.setupTable(DomId.SELF, 2, OWN << 12));
    compare(Struct.setVersion(1));
    compare(Struct.querySize(A));
    assertThat(seen).containsExactly("holds", "needs", "refers");
  }
}
