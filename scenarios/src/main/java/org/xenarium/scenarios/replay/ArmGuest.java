package org.xenarium.scenarios.replay;

import java.util.Arrays;
import java.util.List;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Access;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.scenarios.recording.ArmField;
import org.xenarium.scenarios.recording.ArmLine;
import org.xenarium.scenarios.recording.ArmOperation;

/**
 * The guest program of the arm64 recordings: for each line it does with the machine what the program did with Xen, through guest memory and
 * registers.
 */
final class ArmGuest {
  /** Where the guest program keeps single argument structs and batches: RAM of its first MiB that no script names. */
  private static final long BUFFER = 0x40020000L;

  private static final long BATCH = 0x40030000L;

  /** How large a batch may be: the scripts' own pages lie behind it. */
  static final int BATCH_SIZE = 0xd0000;

  /** Bytes of argument structs that are no input. */
  private static final byte POISON = 0x5a;

  private static final int BUFFER_SIZE = 64;

  /** Where the grant frames lie that {@code gte}, {@code gtf} and {@code gtr} access. */
  private static final long GRANT_WINDOW = 0x38000000L;

  /** An emulated UART, where nothing is mapped: loads give what the recording says, stores vanish. */
  private static final long UART = 0x22000000L;

  private final Machine machine;
  private final ArmFrames frames;
  private final byte[] bytes = new byte[MachineMemory.PAGE_SIZE];

  ArmGuest(Machine machine, ArmFrames frames) {
    this.machine = machine;
    this.frames = frames;
  }

  /** Plays a line, or the lines of a batch as one hypercall; {@code answers} has a place for each. */
  void play(List<ArmLine> group, List<ArmAnswer> answers) {
    if (group.get(0).batch() >= 0) {
      playBatch(group, answers);
    } else {
      play(group.get(0), answers.get(0));
    }
  }

  private void play(ArmLine line, ArmAnswer answer) {
    answer.clear();
    Vcpu vcpu = machine.domain(line.dom()).vcpu(0);
    ArmOperation operation = line.operation();
    switch (operation.kind()) {
      case STRUCT -> struct(vcpu, line, answer);
      case REGISTERS -> registers(vcpu, line, answer);
      case ENTRY -> entry(vcpu, line, answer);
      case READ -> answer.out[0] = load(vcpu, line.in(0), operation.accessSize(), answer);
      case WRITE -> store(vcpu, line.in(0), operation.accessSize(), line.in(1), answer);
      case FILL -> fill(vcpu, line.in(0), (byte) line.in(1), line.in(2), answer);
      case LOOP -> loop(vcpu, line, answer);
    }
  }

  private void playBatch(List<ArmLine> lines, List<ArmAnswer> answers) {
    ArmOperation operation = lines.get(0).operation();
    Domain domain = machine.domain(lines.get(0).dom());
    int size = operation.structSize();
    byte[] batch = new byte[lines.size() * size];
    Arrays.fill(batch, POISON);
    for (int i = 0; i < lines.size(); i++) {
      putInputs(lines.get(i), batch, i * size);
    }
    GuestBuffers.write(domain, BATCH, batch, 0, batch.length);
    long rc = machine.call(domain.vcpu(0), operation.hypercall(), operation.command(), BATCH, lines.size());
    GuestBuffers.read(domain, BATCH, batch, 0, batch.length);
    for (int i = 0; i < lines.size(); i++) {
      answers.get(i).clear();
      answers.get(i).rc = rc;
      answers.get(i).stuck = domain.vcpu(0).isStuck();
      takeOutputs(operation, batch, i * size, answers.get(i));
    }
  }

  private void struct(Vcpu vcpu, ArmLine line, ArmAnswer answer) {
    ArmOperation operation = line.operation();
    int length = line.hasCount() ? bytes.length : BUFFER_SIZE;
    Arrays.fill(bytes, 0, length, POISON);
    putInputs(line, bytes, 0);
    GuestBuffers.write(vcpu.domain(), BUFFER, bytes, 0, length);
    long pointer = line.hasPtr() ? line.ptr() : BUFFER;
    long count = operation.hypercall() != GnttabOp.HYPERCALL ? 0 : line.hasCount() ? line.count() : 1;
    answer.rc = machine.call(vcpu, operation.hypercall(), operation.command(), pointer, count);
    answer.stuck = vcpu.isStuck();
    GuestBuffers.read(vcpu.domain(), BUFFER, bytes, 0, operation.structSize());
    takeOutputs(operation, bytes, 0, answer);
  }

  private void putInputs(ArmLine line, byte[] struct, int at) {
    List<ArmField> fields = line.operation().in();
    for (int i = 0; i < fields.size(); i++) {
      boolean machineAddress = line.operation() == ArmOperation.CACHE_FLUSH && i == 0;
      putField(struct, at, fields.get(i), machineAddress ? frames.ours(line.in(i)) : line.in(i));
    }
  }

  private static void putField(byte[] struct, int at, ArmField field, long value) {
    for (int i = 0; i < field.size(); i++) {
      struct[at + field.offset() + i] = (byte) (value >>> (8 * i));
    }
  }

  private static void takeOutputs(ArmOperation operation, byte[] struct, int at, ArmAnswer answer) {
    if (operation.statusOffset() >= 0) {
      answer.status = (short) take(struct, at + operation.statusOffset(), Short.BYTES);
    }
    for (int i = 0; i < operation.out().size(); i++) {
      ArmField field = operation.out().get(i);
      answer.out[i] = take(struct, at + field.offset(), field.size());
    }
  }

  private static long take(byte[] struct, int at, int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (struct[at + i] & 0xffL) << (8 * i);
    }
    return value;
  }

  private void registers(Vcpu vcpu, ArmLine line, ArmAnswer answer) {
    long asked = line.in(0);
    int number = asked < 0 || asked > Integer.MAX_VALUE ? -1 : (int) asked;
    vcpu.issue(number, line.in(1), line.in(2), line.in(3), line.in(4), line.in(5));
    answer.rc = machine.finishCall(vcpu);
  }

  /** gte writes domid, frame and flags, gtf the flags only, gtr reads all with one load. */
  private void entry(Vcpu vcpu, ArmLine line, ArmAnswer answer) {
    long at = entryAddress(line.in(0));
    if (line.operation() == ArmOperation.GTR) {
      long entry = load(vcpu, at, 8, answer);
      answer.out[0] = entry & 0xffff;
      answer.out[1] = entry >>> 16 & 0xffff;
      answer.out[2] = entry >>> 32;
      return;
    }
    if (line.operation() == ArmOperation.GTE) {
      store(vcpu, at + 2, 2, line.in(2), answer);
      store(vcpu, at + 4, 4, line.in(3), answer);
    }
    store(vcpu, at, 2, line.in(1), answer);
  }

  /** Where the guest program looks for a grant entry. */
  static long entryAddress(long ref) {
    return GRANT_WINDOW + 8 * ref;
  }

  private static long load(Vcpu vcpu, long address, int size, ArmAnswer answer) {
    long value = isUart(vcpu, address) ? 0 : vcpu.load(address, size);
    note(vcpu, address, size, false, answer);
    return value;
  }

  private static void store(Vcpu vcpu, long address, int size, long value, ArmAnswer answer) {
    if (!vcpu.isStuck() && !isUart(vcpu, address)) {
      vcpu.store(address, size, value);
    }
    note(vcpu, address, size, true, answer);
  }

  private static void note(Vcpu vcpu, long address, int size, boolean write, ArmAnswer answer) {
    answer.aborted = vcpu.takeAbort();
    answer.rc = answer.aborted ? -1 : 0;
    answer.stuck = vcpu.isStuck();
    if (answer.aborted) {
      long end = address + size - 1;
      answer.far = vcpu.access(address, write) == Access.ABORT ? address : end & -MachineMemory.PAGE_SIZE;
    }
  }

  /** True for an access to the UART where nothing is mapped in its place. */
  static boolean isUart(Vcpu vcpu, long address) {
    return (address & -MachineMemory.PAGE_SIZE) == UART
        && vcpu.domain().physmap().entry(UART >>> MachineMemory.PAGE_SHIFT) == Physmap.HOLE;
  }

  /** Byte after byte; a byte that cannot be stored is skipped, unless the store never ends. */
  private void fill(Vcpu vcpu, long address, byte value, long length, ArmAnswer answer) {
    MachineMemory memory = machine.world().memory();
    for (long done = 0; done < length && !vcpu.isStuck(); ) {
      long at = address + done;
      long offset = at & (MachineMemory.PAGE_SIZE - 1);
      long part = Math.min(length - done, MachineMemory.PAGE_SIZE - offset);
      switch (vcpu.access(at, true)) {
        case DONE -> {
          long mfn = Physmap.mfn(vcpu.domain().physmap().entry(at >>> MachineMemory.PAGE_SHIFT));
          memory.content().fill(memory.address(mfn) + offset, part, value);
        }
        case STUCK -> vcpu.store(at, 1, value);
        case ABORT -> {}
      }
      done += part;
    }
    answer.stuck = vcpu.isStuck();
  }

  /** mapmany and unmapmany: one call after the other until the first failure. */
  private void loop(Vcpu vcpu, ArmLine line, ArmAnswer answer) {
    boolean maps = line.operation() == ArmOperation.MAPMANY;
    ArmOperation each = maps ? ArmOperation.MAP : ArmOperation.UNMAP;
    long count = line.in(line.operation().in().size() - 1);
    long done = 0;
    long first = -1;
    for (long i = 0; Long.compareUnsigned(i, count) < 0 && answer.rc == 0 && answer.status == 0; i++) {
      Arrays.fill(bytes, 0, BUFFER_SIZE, POISON);
      for (ArmField field : each.in()) {
        putField(bytes, 0, field, loopInput(line, field.name(), i));
      }
      GuestBuffers.write(vcpu.domain(), BUFFER, bytes, 0, BUFFER_SIZE);
      answer.rc = machine.call(vcpu, each.hypercall(), each.command(), BUFFER, 1);
      GuestBuffers.read(vcpu.domain(), BUFFER, bytes, 0, each.structSize());
      takeOutputs(each, bytes, 0, answer);
      if (answer.rc == 0 && answer.status == 0 && done++ == 0 && maps) {
        first = answer.out[0];
      }
    }
    answer.out[0] = done;
    answer.out[1] = first;
  }

  /** Addresses go up by a page, handles by one, {@code dev} is 0, everything else stays. */
  private static long loopInput(ArmLine line, String field, long turn) {
    List<ArmField> inputs = line.operation().in();
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i).name().equals(field)) {
        long step = field.equals("addr") ? MachineMemory.PAGE_SIZE : field.equals("handle") ? 1 : 0;
        return line.in(i) + turn * step;
      }
    }
    return 0;
  }
}
