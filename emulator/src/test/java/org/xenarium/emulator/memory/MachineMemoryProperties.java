package org.xenarium.emulator.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Any order of giving, referencing and dropping frames, beside an array of plain records. */
class MachineMemoryProperties {
  private static final long FIRST = 0x1000;
  private static final int FRAMES = 6;

  private enum Do { ALLOCATE, ALLOCATE_XEN_HEAP, GET, PUT, PUT_ALLOCATION, RECLAIM }

  private record Act(Do what, int owner, int frame) {}

  private static final class Frame {
    int owner = -1;
    int references;
    boolean allocated;
    boolean xenHeap;

    void give(int to, boolean fromXenHeap) {
      owner = to;
      references = 1;
      allocated = true;
      xenHeap = fromXenHeap;
    }

    void drop(List<String> freed) {
      if (--references == 0) {
        freed.add((xenHeap ? "xen heap of " : "ram of ") + owner);
        owner = xenHeap ? owner : -1;
      }
    }

    void free() {
      owner = -1;
      references = 0;
      allocated = false;
      xenHeap = false;
    }
  }

  @Provide
  Arbitrary<List<Act>> histories() {
    Arbitrary<Integer> frames = Arbitraries.integers().between(0, FRAMES - 1);
    return Combinators.combine(Arbitraries.of(Do.class), Arbitraries.integers().between(0, 1), frames)
        .as(Act::new)
        .list()
        .ofMaxSize(40);
  }

  @Property(tries = 500)
  void I43_a_frame_is_free_exactly_when_nobody_owns_it_and_the_outermost_free_ones_are_given(@ForAll("histories") List<Act> history) {
    Owners owners = new Owners();
    MachineMemory memory = new MachineMemory(FIRST, FRAMES, owners);
    Frame[] model = IntStream.range(0, FRAMES).mapToObj(i -> new Frame()).toArray(Frame[]::new);
    List<String> freed = new ArrayList<>();
    for (Act act : history) {
      play(act, memory, model, freed);
      assertThat(owners.freed).isEqualTo(freed);
      check(memory, model);
    }
  }

  private static void play(Act act, MachineMemory memory, Frame[] model, List<String> freed) {
    Frame frame = model[act.frame];
    long mfn = FIRST + act.frame;
    switch (act.what) {
      case ALLOCATE -> {
        int lowest = IntStream.range(0, FRAMES).filter(i -> model[i].owner < 0).findFirst().orElse(-1);
        assertThat(memory.allocate(act.owner)).isEqualTo(lowest < 0 ? Mfn.NONE : FIRST + lowest);
        if (lowest >= 0) {
          model[lowest].give(act.owner, false);
        }
      }
      case ALLOCATE_XEN_HEAP -> {
        int highest = IntStream.range(0, FRAMES).filter(i -> model[i].owner < 0).max().orElse(-1);
        assertThat(memory.allocateXenHeap(act.owner)).isEqualTo(highest < 0 ? Mfn.NONE : FIRST + highest);
        if (highest >= 0) {
          model[highest].give(act.owner, true);
        }
      }
      case GET -> {
        boolean may = frame.owner == act.owner && frame.references > 0;
        assertThat(memory.get(mfn, act.owner)).isEqualTo(may);
        frame.references += may ? 1 : 0;
      }
      case PUT -> {
        if (frame.references > (frame.allocated ? 1 : 0)) {
          memory.put(mfn);
          frame.drop(freed);
        }
      }
      case PUT_ALLOCATION -> {
        assertThat(memory.putAllocation(mfn)).isEqualTo(frame.allocated);
        if (frame.allocated) {
          frame.allocated = false;
          frame.drop(freed);
        }
      }
      case RECLAIM -> {
        // A domain disappears only when none of its frames is referenced.
        List<Frame> owned = List.of(model).stream().filter(each -> each.owner == act.owner).toList();
        if (owned.stream().allMatch(each -> each.references == 0)) {
          memory.reclaim(act.owner);
          owned.forEach(Frame::free);
        }
      }
    }
  }

  private static void check(MachineMemory memory, Frame[] model) {
    long free = List.of(model).stream().filter(frame -> frame.owner < 0).count();
    assertThat(memory.hasFree(free)).isTrue();
    assertThat(memory.hasFree(free + 1)).isFalse();
    for (int i = 0; i < FRAMES; i++) {
      assertThat(memory.owner(FIRST + i)).isEqualTo(model[i].owner);
      assertThat(memory.references(FIRST + i)).isEqualTo(model[i].references);
      assertThat(memory.isAllocated(FIRST + i)).isEqualTo(model[i].allocated);
      assertThat(memory.isXenHeap(FIRST + i)).isEqualTo(model[i].xenHeap && model[i].owner >= 0);
      int from = i;
      for (int owner = 0; owner < 2; owner++) {
        int wanted = owner;
        int next = IntStream.range(from, FRAMES).filter(j -> model[j].owner == wanted).findFirst().orElse(-1);
        assertThat(memory.nextOwned(owner, FIRST + i)).isEqualTo(next < 0 ? Mfn.NONE : FIRST + next);
      }
    }
  }
}
