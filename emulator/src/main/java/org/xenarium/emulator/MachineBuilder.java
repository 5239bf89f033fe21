package org.xenarium.emulator;

import java.util.ArrayList;
import java.util.List;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;

/** What a machine is built from. Everything has a default but the modules. */
public final class MachineBuilder {
  final List<Module> modules = new ArrayList<>();
  Semantics semantics = Semantics.baseline(SecurityPolicy.SILO);
  CostModel costs = CostModel.DEFAULT;
  long firstMfn = 0x40000;
  long frames = 0x40000;
  long reach = 1L << 28;
  long seed;

  MachineBuilder() {}

  public MachineBuilder semantics(Semantics value) {
    semantics = value;
    return this;
  }

  /** Which machine frames exist: {@code count} from {@code first} on. Default 1 GiB from 0x40000000. */
  public MachineBuilder memory(long first, long count) {
    firstMfn = first;
    frames = count;
    return this;
  }

  /** How many guest frames a physmap spans (V35). Default 2^28, a 40-bit address space. */
  public MachineBuilder reach(long guestFrames) {
    reach = guestFrames;
    return this;
  }

  /** Of the machine's only random generator. Default 0. */
  public MachineBuilder seed(long value) {
    seed = value;
    return this;
  }

  public MachineBuilder costs(CostModel value) {
    costs = value;
    return this;
  }

  /** Plugs a module in. */
  public MachineBuilder module(Module module) {
    modules.add(module);
    return this;
  }

  public Machine build() {
    return new Machine(this);
  }
}
