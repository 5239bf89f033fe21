package org.xenarium.scenarios.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Access;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.NotEmulatedException;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.trace.Errno;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.scenarios.recording.CoreField;
import org.xenarium.scenarios.recording.CoreLine;
import org.xenarium.scenarios.recording.CoreOperation;
import org.xenarium.scenarios.recording.LongTable;

/** Does with the machine what a line of the xen-core format says, hypercalls through guest memory. */
final class CoreGuest {
  /** Longest frame list that is laid out; no table may have that many frames. */
  private static final int LIST_LIMIT = 1024;

  private final Machine machine;
  private final CoreFrames frames;
  private final Map<Integer, TreeSet<Long>> named = new HashMap<>();
  private final Map<Integer, List<CoreWindow>> windows = new HashMap<>();

  CoreGuest(Machine machine, CoreFrames frames) {
    this.machine = machine;
    this.frames = frames;
    for (Domain domain : machine.world().domains()) {
      TreeSet<Long> namedThere = new TreeSet<>();
      List<CoreWindow> ofDomain = new ArrayList<>();
      for (int i = 0; i < 2 * domain.vcpuCount(); i++) {
        ofDomain.add(new CoreWindow(domain, namedThere, i));
      }
      named.put(domain.id(), namedThere);
      windows.put(domain.id(), ofDomain);
    }
  }

  /** Is that guest frame one where arguments are kept? */
  boolean isWindow(int domid, long gfn) {
    return windows.getOrDefault(domid, List.of()).stream().anyMatch(window -> window.contains(gfn));
  }

  /** The line is about this guest frame or address: no arguments may be kept there, in no domain. */
  private void avoid(long number) {
    long reach = machine.world().domains().isEmpty() ? 0 : machine.world().domains().getFirst().physmap().reach();
    for (long gfn : new long[] {number, number >>> MachineMemory.PAGE_SHIFT}) {
      if (Long.compareUnsigned(gfn, reach) < 0 && gfn >= CoreWindow.lowest(reach)) {
        named.values().forEach(set -> set.add(gfn));
        windows.values().forEach(ofDomain -> ofDomain.forEach(CoreWindow::avoidNamed));
      }
    }
  }

  private void avoidNamed(CoreLine line) {
    LongTable in = line.in();
    for (int row = 0; row < in.rows(); row++) {
      for (int column = 0; column < in.width(); column++) {
        avoid(in.get(row, column));
      }
    }
    for (CoreField field : List.of(CoreField.GFN, CoreField.GPA)) {
      if (line.has(field)) {
        avoid(line.get(field));
      }
    }
    byte[] bytes = line.bytes();
    for (int at = 0; at + Integer.BYTES <= bytes.length; at++) {
      avoid((bytes[at] & 0xffL) | (bytes[at + 1] & 0xffL) << 8 | (bytes[at + 2] & 0xffL) << 16 | (bytes[at + 3] & 0xffL) << 24);
    }
  }

  void play(CoreLine line, CoreAnswer answer) {
    answer.clear();
    avoidNamed(line);
    Domain domain = machine.domain(line.dom());
    switch (line.operation()) {
      case MAP, UNMAP, UNMAPREP, COPY, TRANSFER, SWAP, CFLUSH, SETUP, GETSTAT, QUERY, SETVER, GETVER -> hypercall(domain, line, answer);
      case RAW ->
          answer.rc = machine.call(vcpu(domain, line), GnttabOp.HYPERCALL, line.get(CoreField.CMD), 0, line.get(CoreField.COUNT));
      case ATP -> addToPhysmap(domain, line, answer);
      case RFP -> removeFromPhysmap(domain, line, answer);
      case ACQRES -> acquire(domain, line, answer);
      case GW -> writeEntry(domain, line, answer);
      case GPW -> answer.ok = write(domain, line.get(CoreField.GPA), line.bytes());
      case GPR -> answer.ok = read(domain, line.get(CoreField.GPA), (int) line.get(CoreField.LEN), answer);
      case DESTROY -> {
        machine.destroyDomain(line.dom());
        answer.zombie = machine.world().domain(line.dom()) != null;
      }
    }
  }

  private static Vcpu vcpu(Domain domain, CoreLine line) {
    return domain.vcpu(line.vcpu());
  }

  private CoreWindow window(CoreLine line, int which) {
    return windows.getOrDefault(line.dom(), List.of()).get(2 * line.vcpu() + which);
  }

  private void hypercall(Domain domain, CoreLine line, CoreAnswer answer) {
    CoreStruct struct = CoreStruct.of(line.operation());
    if (struct == null) {
      throw new IllegalStateException(line.operation() + " is no hypercall with structs");
    }
    long list = layList(line, answer);
    answer.structs = structs(line, struct, list);
    long pointer = layStructs(line, struct, answer.structs);
    long count = line.has(CoreField.COUNT) ? line.get(CoreField.COUNT) : line.operation().hasElements() ? line.in().rows() : 1;
    answer.rc = machine.call(vcpu(domain, line), GnttabOp.HYPERCALL, struct.command(), pointer, count);
    window(line, 0).read(answer.structs, pointer);
    window(line, 0).clear();
    if (list != 0) {
      window(line, 1).read(answer.list, list);
      window(line, 1).clear();
    }
  }

  private byte[] structs(CoreLine line, CoreStruct struct, long list) {
    int rows = line.operation().hasElements() ? line.in().rows() : 1;
    byte[] bytes = new byte[rows * struct.size()];
    Arrays.fill(bytes, CoreWindow.SENTINEL);
    for (int row = 0; row < rows; row++) {
      for (int input = 0; input < struct.inputCount(); input++) {
        struct.put(bytes, row * struct.size(), input, input(line, row, input, list));
      }
    }
    return bytes;
  }

  private long input(CoreLine line, int row, int input, long list) {
    return switch (line.operation()) {
      case CFLUSH -> input == 0 ? frames.ours(line.in().get(row, 0)) : line.in().get(row, input);
      case SETUP, GETSTAT -> input == 0 ? line.get(CoreField.TARGET) : input == 1 ? line.get(CoreField.NR) : list;
      case QUERY, GETVER -> line.get(CoreField.TARGET);
      case SETVER -> line.get(CoreField.VER);
      default -> line.in().get(row, input);
    };
  }

  /**
   * Element {@code min(fr, fw)} begins a page, which is a hole or read-only; with a tie it is a hole. The recorder could make only one place
   * fail in a call, and a list that cannot be written came before a struct that cannot be.
   */
  private long layStructs(CoreLine line, CoreStruct struct, byte[] structs) {
    long unreadable = line.has(CoreField.FR) ? line.get(CoreField.FR) : Long.MAX_VALUE;
    long unwritable = line.has(CoreField.FW) && !line.has(CoreField.FL) ? line.get(CoreField.FW) : Long.MAX_VALUE;
    int elements = structs.length / struct.size();
    int first = (int) Math.min(elements, Math.min(unreadable, unwritable));
    EntryType behind = unreadable <= unwritable ? EntryType.HOLE : EntryType.RAM_RO;
    return window(line, 0).lay(structs, first * struct.size(), first == elements ? EntryType.RAM_RW : behind);
  }

  /** The frame list of setup_table or get_status_frames; its address, or 0 where there is none. */
  private long layList(CoreLine line, CoreAnswer answer) {
    if (line.operation() != CoreOperation.SETUP && line.operation() != CoreOperation.GETSTAT) {
      return 0;
    }
    int entries = (int) Math.min(line.get(CoreField.NR), LIST_LIMIT);
    int good = line.has(CoreField.FL) ? (int) Math.min(line.get(CoreField.FL), entries) : entries;
    answer.list = new byte[Math.max(entries, 1) * Long.BYTES];
    Arrays.fill(answer.list, CoreWindow.SENTINEL);
    boolean faults = line.has(CoreField.FL);
    return window(line, 1).lay(answer.list, good * Long.BYTES, faults ? EntryType.HOLE : EntryType.RAM_RW);
  }

  private void addToPhysmap(Domain domain, CoreLine line, CoreAnswer answer) {
    byte[] struct = new byte[MemoryAbi.ADD_SIZE];
    put(struct, MemoryAbi.ADD_DOMID, line.get(CoreField.TARGET), Short.BYTES);
    put(struct, MemoryAbi.ADD_SPACE, MemoryAbi.SPACE_GRANT_TABLE, Integer.BYTES);
    put(struct, MemoryAbi.ADD_IDX, line.get(CoreField.IDX), Long.BYTES);
    put(struct, MemoryAbi.ADD_GPFN, line.get(CoreField.GFN), Long.BYTES);
    answer.rc = memoryOp(domain, line, MemoryAbi.ADD_TO_PHYSMAP, struct);
  }

  private void removeFromPhysmap(Domain domain, CoreLine line, CoreAnswer answer) {
    byte[] struct = new byte[MemoryAbi.REMOVE_SIZE];
    put(struct, MemoryAbi.REMOVE_DOMID, line.get(CoreField.TARGET), Short.BYTES);
    put(struct, MemoryAbi.REMOVE_GPFN, line.get(CoreField.GFN), Long.BYTES);
    answer.rc = memoryOp(domain, line, MemoryAbi.REMOVE_FROM_PHYSMAP, struct);
  }

  private long memoryOp(Domain domain, CoreLine line, int command, byte[] struct) {
    long pointer = window(line, 0).lay(struct, struct.length, EntryType.RAM_RW);
    long rc = machine.call(vcpu(domain, line), MemoryAbi.HYPERCALL, command, pointer, 0);
    window(line, 0).clear();
    return rc;
  }

  private static void put(byte[] bytes, int at, long value, int size) {
    for (int i = 0; i < size; i++) {
      bytes[at + i] = (byte) (value >>> (8 * i));
    }
  }

  /** The hypervisor's own function, without the checks of the hypercall. */
  private void acquire(Domain domain, CoreLine line, CoreAnswer answer) {
    int target = (int) line.get(CoreField.TARGET);
    Domain owner = machine.world().domainOrSelf(target, domain);
    if (owner == null) {
      throw new NotEmulatedException("acquiring a resource of domain " + target + ", which does not exist,");
    }
    answer.frames = GrantTable.of(owner).acquire((int) line.get(CoreField.ID), line.get(CoreField.FRAME), (int) line.get(CoreField.NR));
    answer.rc = answer.frames.length == 0 ? -Errno.EINVAL : answer.frames.length;
  }

  /** The guest writes into its own shared entry, where that frame lies in its physmap. */
  private static void writeEntry(Domain domain, CoreLine line, CoreAnswer answer) {
    GrantTable table = GrantTable.of(domain);
    long at = line.get(CoreField.REF) * line.get(CoreField.ESZ) + line.get(CoreField.OFF);
    long frame = at >>> MachineMemory.PAGE_SHIFT;
    long gfn = frame < table.frameCount() ? domain.world().memory().storedGfn(table.frame((int) frame)) : -1;
    if (gfn >= 0) {
      answer.gpa = (gfn << MachineMemory.PAGE_SHIFT) | (at & (MachineMemory.PAGE_SIZE - 1));
      answer.ok = write(domain, answer.gpa, line.bytes());
    }
  }

  /** Byte by byte; nothing is written when the first byte cannot be, because an access never crosses a page. */
  private static boolean write(Domain domain, long address, byte[] bytes) {
    Vcpu vcpu = domain.vcpu(0);
    if (vcpu.access(address, true) != Access.DONE) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      vcpu.store(address + i, 1, bytes[i]);
    }
    return true;
  }

  private static boolean read(Domain domain, long address, int length, CoreAnswer answer) {
    Vcpu vcpu = domain.vcpu(0);
    if (vcpu.access(address, false) != Access.DONE) {
      return false;
    }
    answer.data = new byte[length];
    for (int i = 0; i < length; i++) {
      answer.data[i] = (byte) vcpu.load(address + i, 1);
    }
    return true;
  }
}
