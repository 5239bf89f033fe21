package org.xenarium.scenarios.vocabulary;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.scenarios.play.Pacing;
import org.xenarium.scenarios.play.Stage;
import org.xenarium.scenarios.script.Operation;

/** What each actor of a run has begun and not ended, and what those calls are about. */
final class CallsUnderWay {
  /** Somebody who is about to mark an entry. */
  record Marking(int actor, int ref) {}

  private final Stage stage;
  private final @Nullable Call[] calls;

  CallsUnderWay(Stage stage) {
    this.stage = stage;
    calls = new Call[stage.actors().size()];
  }

  /** How many actors there are. */
  int actors() {
    return calls.length;
  }

  void begins(int actor, Call call) {
    calls[actor] = call;
  }

  void ended(int actor) {
    calls[actor] = null;
  }

  /** The call of that actor; null if it has none under way. */
  @Nullable Call of(int actor) {
    return calls[actor];
  }

  boolean isAny() {
    return Arrays.stream(calls).anyMatch(Objects::nonNull);
  }

  /** Somebody who has stopped within a call that marks an entry of that domain's; null if nobody has. */
  @Nullable Marking marking(int granter, Pacing pacing) {
    for (int actor = 0; actor < calls.length; actor++) {
      Call call = calls[actor];
      for (int element = 0; call != null && pacing.isStopped(actor) && element < call.elements(); element++) {
        long ref = marked(call, element, granter);
        if (ref >= 0) {
          return new Marking(actor, (int) ref);
        }
      }
    }
    return null;
  }

  private static long marked(Call call, int element, int granter) {
    return switch (call.operation()) {
      case MAP, MAP_REFS -> call.get(element, 0) == granter ? call.get(element, 1) : -1;
      case COPY -> call.get(element, 1) == granter ? call.get(element, 0) : call.get(element, 4) == granter ? call.get(element, 3) : -1;
      default -> -1;
    };
  }

  /** Has a call of that domain such an input in some element? */
  boolean isAny(int domid, Operation operation, int field, long value) {
    for (int actor = 0; actor < calls.length; actor++) {
      Call call = calls[actor];
      if (call != null && call.operation() == operation && stage.domid(actor) == domid) {
        for (int element = 0; element < call.elements(); element++) {
          if (call.get(element, field) == value) {
            return true;
          }
        }
      }
    }
    return false;
  }

  boolean isAny(int domid, Operation operation) {
    for (int actor = 0; actor < calls.length; actor++) {
      Call call = calls[actor];
      if (call != null && call.operation() == operation && stage.domid(actor) == domid) {
        return true;
      }
    }
    return false;
  }

  /** Is a call of that domain about to map something at that frame, or about to unmap what is there? */
  boolean isBeingMapped(int domid, long gfn) {
    for (int actor = 0; actor < calls.length; actor++) {
      Call call = calls[actor];
      int address = call == null || stage.domid(actor) != domid ? -1 : addressField(call.operation());
      if (call != null && stage.domid(actor) == domid && fills(call, gfn)) {
        return true;
      }
      for (int element = 0; call != null && address >= 0 && element < call.elements(); element++) {
        if (call.get(element, address) >>> MachineMemory.PAGE_SHIFT == gfn) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean fills(Call call, long gfn) {
    return switch (call.operation()) {
      case ADD_TO_PHYSMAP_BATCH, ACQUIRE_RESOURCE -> Arrays.stream(call.items()).anyMatch(item -> item == gfn);
      case MAPMANY -> gfn >= call.get(0, 3) >>> MachineMemory.PAGE_SHIFT && gfn < (call.get(0, 3) >>> MachineMemory.PAGE_SHIFT) + call.get(0, 4);
      default -> false;
    };
  }

  private static int addressField(Operation operation) {
    return switch (operation) {
      case MAP, MAP_REFS -> 3;
      case UNMAP, UNMAP_REFS -> 0;
      default -> -1;
    };
  }
}
