package org.xenarium.gnttab.model;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.domain.World;

/** Compares the model's state with the machine's, in what calls could have touched or in all. */
final class Comparison {
  private static final int PIN = 0;
  private static final int HANDLE = 1;
  private static final int GFN = 2;
  private static final int FRAME = 3;
  private static final int PER_ITEM = 3;

  /** Told what differs. */
  @FunctionalInterface
  interface Report {
    void differs(String path, @Nullable Object expected, @Nullable Object actual);
  }

  private final World world;
  private final Contested contested;
  private final Report report;

  /** Kind, domain, number; one after the other. */
  private long[] touched = new long[PER_ITEM * 32];

  private int count;

  Comparison(World world, Contested contested, Report report) {
    this.world = world;
    this.contested = contested;
    this.report = report;
  }

  void clear() {
    count = 0;
  }

  /** Notes all that a call could have touched. */
  void touch(State state, Call call, Answer answer) {
    switch (call) {
      case Call.Map map -> {
        add(PIN, map.granter(), DomainState.unsigned(map.ref()));
        add(GFN, map.caller(), map.gfn());
        if (answer.isOkay()) {
          add(HANDLE, map.caller(), DomainState.unsigned(answer.handle()));
          add(FRAME, 0, answer.frame());
        }
      }
      case Call.Unmap unmap -> {
        add(GFN, unmap.caller(), unmap.gfn());
        add(HANDLE, unmap.caller(), DomainState.unsigned(unmap.handle()));
        DomainState caller = state.domain(unmap.caller());
        Mapping mapping = caller == null ? null : caller.mapping(unmap.handle());
        if (mapping != null) {
          add(PIN, mapping.granter(), DomainState.unsigned(mapping.ref()));
          add(FRAME, 0, mapping.frame());
        }
      }
      case Call.Copy copy -> {
        touch(copy.caller(), copy.source());
        touch(copy.caller(), copy.dest());
      }
      case Call.Swap swap -> {
        add(PIN, swap.caller(), DomainState.unsigned(swap.a()));
        add(PIN, swap.caller(), DomainState.unsigned(swap.b()));
      }
      case Call.Decrease decrease -> place(state, decrease.domain(), decrease.gfn());
      case Call.Populate populate -> {
        place(state, populate.domain(), populate.gfn());
        add(FRAME, 0, populate.frame());
      }
      case Call.Give give -> add(FRAME, 0, give.frame());
      case Call.Lend lend -> add(FRAME, 0, lend.frame());
      case Call.TakeBack take -> add(FRAME, 0, take.frame());
      case Call.Place place -> {
        place(state, place.domain(), place.gfn());
        if (place.what().by() != Reach.By.DEVICE) {
          add(FRAME, 0, place.what().frame());
        }
      }
      case Call.Remove remove -> place(state, remove.domain(), remove.gfn());
      case Call.Die die -> touch(state.known(die.domain()), state);
      case Call.SwitchVersion _ -> {}
    }
  }

  private void touch(int caller, Call.Operand operand) {
    if (operand.byRef()) {
      add(PIN, operand.domid() == DomId.SELF ? caller : operand.domid(), operand.number());
    } else {
      add(GFN, caller, operand.number());
    }
  }

  /** A guest frame, and the frame that stands there before the call. */
  private void place(State state, int domain, long gfn) {
    add(GFN, domain, gfn);
    DomainState known = state.domain(domain);
    Reach at = known == null ? null : known.reach().get(gfn);
    if (at != null) {
      add(FRAME, 0, at.frame());
    }
  }

  private void touch(DomainState dying, State state) {
    dying.mappings().forEach((handle, mapping) -> {
      add(HANDLE, dying.id(), handle);
      add(PIN, mapping.granter(), DomainState.unsigned(mapping.ref()));
      add(FRAME, 0, mapping.frame());
    });
    dying.reach().forEach((gfn, reach) -> place(state, dying.id(), gfn));
  }

  private void add(int kind, long domain, long number) {
    if (count > touched.length - PER_ITEM) {
      touched = Arrays.copyOf(touched, 2 * touched.length);
    }
    touched[count] = kind;
    touched[count + 1] = domain;
    touched[count + 2] = number;
    count += PER_ITEM;
  }

  /** Compares what was touched since {@link #clear}; frames only where no order of events is open. */
  void touched(State state, boolean frames) {
    for (int i = 0; i < count; i += PER_ITEM) {
      int id = (int) touched[i + 1];
      long number = touched[i + 2];
      if (touched[i] == FRAME) {
        if (frames) {
          frame(state, number);
        }
        continue;
      }
      DomainState expected = state.domain(id);
      Domain actual = world.domain(id);
      if (expected != null && actual != null) {
        switch ((int) touched[i]) {
          case PIN -> pin(expected, actual, (int) number);
          case HANDLE -> handle(expected, actual, (int) number);
          default -> reach(expected, actual, number);
        }
      }
    }
  }

  private void pin(DomainState expected, Domain actual, int ref) {
    Pin is = Abstraction.pin(actual, ref);
    if (!Objects.equals(expected.pin(ref), is)) {
      report.differs("domains/" + expected.id() + "/grants/" + Integer.toUnsignedString(ref), expected.pin(ref), is);
    }
  }

  private void handle(DomainState expected, Domain actual, int handle) {
    Mapping is = Abstraction.mapping(actual, handle);
    Mapping was = expected.mapping(handle);
    if (was == null ? is != null : !was.agrees(is)) {
      report.differs("domains/" + expected.id() + "/handles/" + Integer.toUnsignedString(handle), was, is);
    }
  }

  private void reach(DomainState expected, Domain actual, long gfn) {
    Reach is = Abstraction.reach(actual, gfn);
    Reach was = expected.reach().get(gfn);
    if (!Objects.equals(was, is) && !contested.explains(expected.id(), gfn, is)) {
      report.differs("domains/" + expected.id() + "/reach/0x" + Long.toHexString(gfn), told(expected, gfn, was), told(expected, gfn, is));
    }
  }

  /** How a frame is reached, with the handle that stands for it where there is one. */
  private static @Nullable Object told(DomainState domain, long gfn, @Nullable Reach reach) {
    if (reach == null || reach.by() != Reach.By.GRANT) {
      return reach;
    }
    Long handle = domain.mappings().first((number, mapping) -> mapping.gfn() == gfn && mapping.frame() == reach.frame() ? (Long) number : null);
    return handle == null ? reach : reach + ", through handle " + handle;
  }

  private void frame(State state, long mfn) {
    Frame is = Abstraction.frame(world.memory(), mfn);
    if (!Objects.equals(state.frame(mfn), is)) {
      report.differs("frames/0x" + Long.toHexString(mfn), state.frame(mfn), is);
    }
  }

  /** The state with what keeps the touched frames taken from the machine: after an overlap, the order of events does not tell. */
  State learnFrames(State state) {
    LongMap<Frame> frames = state.frames();
    for (int i = 0; i < count; i += PER_ITEM) {
      if (touched[i] == FRAME) {
        frames = frames.with(touched[i + 2], Abstraction.frame(world.memory(), touched[i + 2]));
      }
    }
    return new State(state.domains(), frames);
  }

  /** Compares everything that either of them has. */
  void everything(State state) {
    state.domains().forEach((id, expected) -> {
      if (world.domain((int) id) == null) {
        report.differs("domains/" + id, lives(expected.alive()), null);
      }
    });
    for (Domain actual : world.domains()) {
      DomainState expected = state.domain(actual.id());
      String was = expected == null ? null : lives(expected.alive());
      String is = lives(actual.life() == Life.ALIVE);
      if (!is.equals(was)) {
        report.differs("domains/" + actual.id(), was, is);
      }
      if (expected != null) {
        everything(expected, actual);
      }
    }
    state.frames().forEach((mfn, frame) -> frame(state, mfn));
    for (Domain domain : world.domains()) {
      Abstraction.frames(domain, mfn -> {
        if (state.frame(mfn) == null) {
          frame(state, mfn);
        }
      });
    }
  }

  private static String lives(boolean alive) {
    return alive ? "alive" : "dead";
  }

  private void everything(DomainState expected, Domain actual) {
    either(expected.pins(), visitor -> Abstraction.pins(actual, visitor), ref -> pin(expected, actual, (int) ref));
    either(expected.mappings(), visitor -> Abstraction.mappings(actual, visitor), handle -> handle(expected, actual, (int) handle));
    either(expected.reach(), visitor -> Abstraction.reach(actual, visitor), gfn -> reach(expected, actual, gfn));
  }

  /** Visits what is known and what is found, each once. */
  private static void either(LongMap<?> known, Consumer<LongConsumer> found, LongConsumer visitor) {
    known.forEach((key, value) -> visitor.accept(key));
    found.accept(key -> {
      if (known.get(key) == null) {
        visitor.accept(key);
      }
    });
  }
}
