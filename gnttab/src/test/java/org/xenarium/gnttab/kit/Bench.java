package org.xenarium.gnttab.kit;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Host;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.gnttab.invariant.Invariants;
import org.xenarium.gnttab.invariant.Watch;
import org.xenarium.gnttab.table.ActiveEntries;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.gnttab.table.Pins;
import org.xenarium.gnttab.table.SharedEntries;

/**
 * The state that the test vectors start from (spec §12): domains A (1) and B (2), one vCPU each, fresh tables, RAM from gfn 0x40000 on, A's
 * grant frame mapped in its own grant window, and A's entry 8 = {flags 1, domid 2, frame 0x40010}.
 */
public final class Bench {
  public static final int A = 1;
  public static final int B = 2;
  public static final int C = 3;

  /** A domain id that nobody has. */
  public static final int NOBODY = 77;

  /** The granted entry. */
  public static final int ENTRY = 8;

  /** First guest frame of everybody's RAM. */
  public static final long RAM = 0x40000;

  /** How many RAM pages everybody has. */
  public static final int PAGES = 64;

  /** The guest frame that A grants. */
  public static final long GRANTED = 0x40010;

  /** A guest frame that is a hole in every domain, as are the {@value #HOLES} behind it, and its address. */
  public static final long HOLE = 0x50000;

  public static final int HOLES = 0x1000;
  public static final long PLACE = HOLE << MachineMemory.PAGE_SHIFT;

  /** Where guests map the frames of their grant tables. */
  public static final long TABLE = 0x38000;

  /** How many guest frames a physmap spans. */
  public static final long REACH = 1L << 28;

  private final Machine machine;
  private final Decisions decisions;
  private final Indisciplines indisciplines;
  private final Watch watch;
  private int callStart;

  Bench(Machine machine) {
    this.machine = machine;
    decisions = new Decisions(machine.world().semantics().release());
    machine.world().watch(decisions);
    indisciplines = new Indisciplines();
    watch = Invariants.watch(machine, Invariants.ALL, indisciplines);
  }

  private Bench(Bench other, Machine copied) {
    machine = copied;
    decisions = new Decisions(machine.world().semantics().release());
    machine.world().watch(decisions);
    indisciplines = other.indisciplines;
    watch = other.watch.copy(copied);
  }

  /** The start state under the dummy policy. */
  public static Bench start() {
    return setup().start();
  }

  public static Setup setup() {
    return new Setup().policy(SecurityPolicy.DUMMY);
  }

  /** An independent bench in the same state; its decisions start empty. */
  public Bench copy() {
    return new Bench(this, machine.copy());
  }

  /** As {@link #copy()}, sharing not even scratch space and idle operations. */
  public Bench copyOnOtherHost() {
    return new Bench(this, machine.copy(new Host()));
  }

  public Machine machine() {
    return machine;
  }

  /** Looks at all invariants after every step; the first that does not hold ends the test. */
  public Watch watch() {
    return watch;
  }

  /** Which rules of discipline guests have broken so far. */
  public Indisciplines indisciplines() {
    return indisciplines;
  }

  public Decisions decisions() {
    return decisions;
  }

  /** What {@link Guest#reply} counts decisions from: those before now belong to earlier calls. */
  public void forgetDecisions() {
    callStart = decisions.count();
  }

  int callStart() {
    return callStart;
  }

  public Guest a() {
    return guest(A);
  }

  public Guest b() {
    return guest(B);
  }

  public Guest c() {
    return guest(C);
  }

  /** The first vCPU of a domain. */
  public Guest guest(int domid) {
    return guest(domid, 0);
  }

  public Guest guest(int domid, int vcpu) {
    return new Guest(this, machine.domain(domid).vcpu(vcpu));
  }

  boolean isBusy(Guest guest) {
    return guest.vcpu().call() != null || guest.vcpu().atHypercall();
  }

  /** The destruction of a domain, about to begin. */
  public Death death(int domid) {
    return new Death(machine, domid);
  }

  // What only Xen can see.

  public GrantTable table(int domid) {
    return GrantTable.of(machine.domain(domid));
  }

  /** hstw, the number of write pins. */
  public int writePins(int domid, int ref) {
    return Pins.hostWrites(table(domid).active().pin(ref));
  }

  /** hstr, the number of read pins. */
  public int readPins(int domid, int ref) {
    return Pins.hostReads(table(domid).active().pin(ref));
  }

  /** All pinned entries with their pins, readable. */
  public String pins() {
    StringBuilder text = new StringBuilder();
    for (Domain domain : machine.world().domains()) {
      ActiveEntries active = GrantTable.of(domain).active();
      for (long ref = active.nextPinned(0); ref >= 0; ref = active.nextPinned(ref + 1)) {
        int pin = active.pin((int) ref);
        text.append(domain.id()).append(':').append(ref).append(" read ").append(Pins.hostReads(pin)).append(" write ");
        text.append(Pins.hostWrites(pin)).append(" by ").append(active.domid((int) ref)).append("; ");
      }
    }
    return text.toString();
  }

  /** The flags of an entry, whether the guest has it mapped or not. */
  public int entryFlags(int domid, int ref) {
    return SharedEntries.header(machine.domain(domid), table(domid), ref) & 0xffff;
  }

  /** The frame of an entry, whether the guest has it mapped or not. */
  public long entryFrame(int domid, int ref) {
    return SharedEntries.frame(machine.domain(domid), table(domid), ref);
  }

  public boolean isListed(int domid) {
    return machine.world().domain(domid) != null;
  }

  /** The machine frame at {@code gfn}, or -1 for a hole. */
  public long mfn(int domid, long gfn) {
    long entry = machine.domain(domid).physmap().entry(gfn);
    return entry == Physmap.HOLE ? -1 : Physmap.mfn(entry);
  }

  public EntryType type(int domid, long gfn) {
    return Physmap.type(machine.domain(domid).physmap().entry(gfn));
  }

  /** The machine address that a map of {@code gfn} of that domain gives back. */
  public long dev(int domid, long gfn) {
    return mfn(domid, gfn) << MachineMemory.PAGE_SHIFT;
  }

  public long references(long mfn) {
    return machine.world().memory().references(mfn);
  }

  /** Bytes behind guest addresses, whatever the guest may do there; what lies in holes reads as zero. */
  public byte[] peek(Domain domain, long address, int length) {
    byte[] bytes = new byte[length];
    MachineMemory memory = machine.world().memory();
    for (int done = 0; done < length; ) {
      int part = partOfPage(address + done, length - done);
      @Nullable Long from = machineOffset(domain, address + done);
      if (from != null) {
        memory.content().read(from, bytes, done, part);
      }
      done += part;
    }
    return bytes;
  }

  /** Puts bytes behind guest addresses, whatever the guest may do there; what would lie in holes is dropped. */
  public void poke(Domain domain, long address, byte[] bytes) {
    MachineMemory memory = machine.world().memory();
    for (int done = 0; done < bytes.length; ) {
      int part = partOfPage(address + done, bytes.length - done);
      @Nullable Long to = machineOffset(domain, address + done);
      if (to != null) {
        memory.content().write(to, bytes, done, part);
      }
      done += part;
    }
  }

  private static int partOfPage(long address, int length) {
    return (int) Math.min(length, MachineMemory.PAGE_SIZE - (address & (MachineMemory.PAGE_SIZE - 1)));
  }

  private @Nullable Long machineOffset(Domain domain, long address) {
    long entry = domain.physmap().entry(address >>> MachineMemory.PAGE_SHIFT);
    MachineMemory memory = machine.world().memory();
    return entry == Physmap.HOLE || !memory.isValid(Physmap.mfn(entry))
        ? null
        : Long.valueOf(memory.address(Physmap.mfn(entry)) + (address & (MachineMemory.PAGE_SIZE - 1)));
  }

  // What makes buffers fail. The machine has no stage-1 tables, so rights are taken away at stage 2.

  /** From now on nothing can be read or written at that guest frame; the page is put aside and can come back. */
  public long hide(Guest guest, long gfn) {
    long mfn = mfn(guest.id(), gfn);
    guest.domain().physmap().remove(gfn, mfn);
    return mfn;
  }

  /** The page that was at {@code gfn} is there again. */
  public void show(Guest guest, long gfn, long mfn) {
    guest.domain().physmap().set(gfn, mfn, EntryType.RAM_RW);
  }

  /** From now on nothing can be written at that guest frame. */
  public void protect(Guest guest, long gfn) {
    guest.domain().physmap().set(gfn, mfn(guest.id(), gfn), EntryType.RAM_RO);
  }

  /** A page full of one byte. */
  public static byte[] page(int value) {
    byte[] page = new byte[MachineMemory.PAGE_SIZE];
    Arrays.fill(page, (byte) value);
    return page;
  }
}
