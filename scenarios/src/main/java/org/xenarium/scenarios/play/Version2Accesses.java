package org.xenarium.scenarios.play;

import java.util.ArrayList;
import java.util.List;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.abi.GrantFlags;
import org.xenarium.scenarios.script.Operation;

/**
 * Loads and stores of a guest on a version 2 entry of its grant table, {flags u16@0, domid u16@2, then gfn u64@8, of a sub-page entry its window
 * u16@4 and u16@6, or of a transitive one granter u16@4 and reference u32@8}, or on its status word. Each is a step.
 */
final class Version2Accesses extends Activity {
  private static final int ENTRY_SIZE = 16;
  private static final int STATUS_SIZE = 2;
  private static final int BODY = 8;

  private int done;

  /** One store at an offset of the entry. */
  private record Store(int offset, int size, long value) {}

  Version2Accesses(int index, Inputs inputs) {
    super(index, inputs);
  }

  @Override
  public boolean step(Vcpu vcpu) {
    return switch (operation()) {
      case GTR2 -> read(vcpu);
      case GTS -> {
        long at = inputs().get("frames") + STATUS_SIZE * inputs().get("ref");
        long word = vcpu.load(at, STATUS_SIZE);
        if (!hasFaulted(vcpu, at, STATUS_SIZE, false)) {
          setOut(vcpu, 0, 0, word);
        }
        yield false;
      }
      default -> store(vcpu);
    };
  }

  private long entry() {
    return GuestMemory.TABLE + ENTRY_SIZE * inputs().get("ref");
  }

  private boolean read(Vcpu vcpu) {
    long at = entry() + done;
    long word = vcpu.load(at, BODY);
    if (hasFaulted(vcpu, at, BODY, false)) {
      return false;
    }
    if (done > 0) {
      setOut(vcpu, 0, 4, word);
      return false;
    }
    for (int i = 0; i < 4; i++) {
      setOut(vcpu, 0, i, word >>> 16 * i & 0xffff);
    }
    done = BODY;
    return true;
  }

  private boolean store(Vcpu vcpu) {
    List<Store> stores = stores();
    Store next = stores.get(done++);
    long at = entry() + next.offset();
    vcpu.store(at, next.size(), next.value());
    boolean faulted = hasFaulted(vcpu, at, next.size(), true);
    // A store that never ends leaves the step under way for ever.
    return !faulted && (vcpu.isStuck() || done < stores.size());
  }

  /** The flags come last: from then on the entry is in force. */
  private List<Store> stores() {
    List<Store> stores = new ArrayList<>();
    long flags = inputs().get("flags");
    if (operation() != Operation.GTF2) {
      stores.add(new Store(2, 2, inputs().get("dom")));
    }
    if (operation() == Operation.GTT2) {
      stores.add(new Store(4, 2, inputs().get("via")));
      stores.add(new Store(BODY, 4, inputs().get("gref")));
    } else if (operation() == Operation.GTE2) {
      if ((flags & GrantFlags.SUB_PAGE) != 0) {
        stores.add(new Store(4, 2, inputs().get("off")));
        stores.add(new Store(6, 2, inputs().get("len")));
      }
      stores.add(new Store(BODY, 8, inputs().get("gfn")));
    }
    stores.add(new Store(0, 2, flags));
    return stores;
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(done);
  }
}
