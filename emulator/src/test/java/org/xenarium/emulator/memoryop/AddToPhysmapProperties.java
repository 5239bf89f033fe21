package org.xenarium.emulator.memoryop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Builders;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.xenarium.emulator.LentFrames;
import org.xenarium.emulator.PageAccounts;
import org.xenarium.emulator.domain.Domain;

/** Any arguments in any situation, beside the tables of spec §6.4 and §6.6 written down as a list of conditions. */
class AddToPhysmapProperties {
  /** Arguments of one call and the situation that it meets; the fields are set by name. */
  private static final class Call {
    boolean privileged;
    boolean readable;
    boolean dying;
    boolean alreadyThere;
    boolean givenBack;
    long start;
    int domid;
    int size;
    int space;
    long idx;
    long gfn;

    @Override
    public String toString() {
      return "%s caller, struct %s, other %s, frames %s%s, start 0x%x domid 0x%x size 0x%x space %d idx 0x%x gfn 0x%x"
          .formatted(privileged ? "privileged" : "unprivileged", readable ? "readable" : "unreadable", dying ? "dying" : "alive",
              alreadyThere ? "mapped" : "nowhere", givenBack ? ", shared_info given back" : "", start, domid, size, space, idx, gfn);
    }
  }

  @Provide
  Arbitrary<Call> calls() {
    Arbitrary<Boolean> seldom = Arbitraries.of(false, false, false, false, false, true);
    return Builders.withBuilder(Call::new)
        .use(Arbitraries.of(true, false)).inSetter((call, value) -> call.privileged = value)
        .use(seldom).inSetter((call, value) -> call.readable = !value)
        .use(seldom).inSetter((call, value) -> call.dying = value)
        .use(Arbitraries.of(true, false)).inSetter((call, value) -> call.alreadyThere = value)
        .use(seldom).inSetter((call, value) -> call.givenBack = value)
        .use(mostly(0L, 1L, 2L, 0xffffL, 0x1_0000L, 1L << 57)).inSetter((call, value) -> call.start = value)
        .use(mostly(0x7ff0, 0, 1, 2, 2, 77, 0x7ff1)).inSetter((call, value) -> call.domid = value)
        .use(Arbitraries.of(0, 1, 2, 0xffff)).inSetter((call, value) -> call.size = value)
        .use(mostly(1, 0, 0, 0, 2, 3, 3, 3, 4, 5, 6, 7, 8, -1)).inSetter((call, value) -> call.space = value)
        .use(mostly(0L, 1L, 2L, 3L, 1L << 32, -1L, -2L)).inSetter((call, value) -> call.idx = value)
        .use(mostly(0x38000L, 0x40005L, (1L << 28) - 1, 1L << 28, -1L, -2L)).inSetter((call, value) -> call.gfn = value)
        .build();
  }

  /** The first value, or any of the others as often as all together. */
  @SafeVarargs
  private static <T> Arbitrary<T> mostly(T usual, T... others) {
    return Arbitraries.oneOf(Arbitraries.just(usual), Arbitraries.of(others));
  }

  /** A machine in the situation of a call. */
  private static final class Situation extends MemoryCalls {
    private final Call call;
    private final Domain caller;

    Situation(Call call) {
      this.call = call;
      caller = call.privileged ? control : guest;
      for (Domain domain : List.of(control, guest, other)) {
        if (call.givenBack) {
          memory().putAllocation(domain.sharedInfo());
        } else if (call.alreadyThere) {
          add(domain, SELF, MemoryAbi.SPACE_SHARED_INFO, 0, HOLE + 100);
        }
        if (call.alreadyThere) {
          add(domain, SELF, MemoryAbi.SPACE_GRANT_TABLE, 0, HOLE + 101);
        }
      }
      if (call.dying) {
        beginDeath(other);
      }
    }

    int answer() {
      writeAdd(caller, call.domid, call.size, call.space, call.idx, call.gfn);
      return (int) memoryOp(caller, MemoryAbi.ADD_TO_PHYSMAP, call.start, call.readable ? ARGUMENT : UNREADABLE).result();
    }

    int expected() {
      Domain target = call.domid == SELF ? caller : machine.world().domain(call.domid);
      if (call.start > 0xffff) {
        return EDOM;
      } else if (!call.readable) {
        return EFAULT;
      } else if (call.space == 4) {
        return ENOSYS;
      } else if (target == null) {
        return ESRCH;
      } else if (call.space == 5) {
        return EACCES;
      } else if (target != caller && !call.privileged) {
        return EPERM;
      } else if (call.gfn == -1) {
        return EINVAL;
      } else if (call.space == 3) {
        return expectedOfRange();
      } else if (call.space != 0 && call.space != 1) {
        return ENOSYS;
      } else if (call.idx != 0 && (call.space == 0 || call.idx < 0 || call.idx >= LentFrames.MOST)) {
        return EINVAL;
      }
      return expectedOfMapping(target);
    }

    private int expectedOfRange() {
      boolean gfnWraps = call.gfn < 0 && call.gfn + call.size >= 0;
      boolean idxWraps = call.idx < 0 && call.idx + call.size >= 0;
      return call.size < call.start ? EILSEQ : gfnWraps || idxWraps ? EOVERFLOW : call.size == call.start ? 0 : ENOSYS;
    }

    private int expectedOfMapping(Domain target) {
      // A frame made for a dying domain has no reference.
      boolean unreferenced = call.idx != 0 && target == other && call.dying;
      boolean mapped = call.alreadyThere && call.idx == 0 && !(call.space == 0 && call.givenBack);
      if (unreferenced || mapped) {
        return EBUSY;
      }
      // Dying is found before the reach: nothing at all can be inserted any more.
      return target == other && call.dying ? ENOMEM : call.gfn < 0 || call.gfn >= REACH ? EINVAL : 0;
    }

    List<String> entries() {
      List<String> entries = new ArrayList<>();
      for (Domain domain : machine.world().domains()) {
        for (long gfn = domain.physmap().next(0); gfn >= 0; gfn = domain.physmap().next(gfn + 1)) {
          entries.add(domain.id() + ": 0x" + Long.toHexString(gfn) + " is 0x" + Long.toHexString(domain.physmap().entry(gfn)));
        }
      }
      return entries;
    }

    void checkAccounts() {
      PageAccounts.check(machine);
    }
  }

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void the_first_condition_of_the_table_decides_and_an_error_changes_no_physmap(@ForAll("calls") Call call) {
    Situation situation = new Situation(call);
    List<String> before = situation.entries();
    int expected = situation.expected();
    assertThat(situation.answer()).isEqualTo(expected);
    if (expected != 0) {
      assertThat(situation.entries()).isEqualTo(before);
    }
    situation.checkAccounts();
  }
}
