package org.xenarium.gnttab.kit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.abi.GnttabOp;

/**
 * What a guest does on one vCPU: it writes argument structs into its own memory, issues calls, reads what came back, and writes its grant
 * entries through the frame that it has mapped. Everything goes byte for byte through guest memory.
 */
public final class Guest {
  private final Bench bench;
  private final Vcpu vcpu;
  private final Memory memory;

  Guest(Bench bench, Vcpu vcpu) {
    this.bench = bench;
    this.vcpu = vcpu;
    memory = new Memory(bench.machine(), vcpu, arguments());
  }

  public Vcpu vcpu() {
    return vcpu;
  }

  public Domain domain() {
    return vcpu.domain();
  }

  public int id() {
    return vcpu.domain().id();
  }

  /** This guest's memory_op calls. */
  public Memory memory() {
    return memory;
  }

  /** Guest address of the four pages in which this vCPU keeps its argument structs. */
  public long arguments() {
    return (Bench.RAM + 4L * vcpu.id()) << MachineMemory.PAGE_SHIFT;
  }

  // Grant entries, by ordinary loads and stores.

  /** Grants the page at {@code frame} to domain {@code to}: domid and frame first, then the flags (spec §8.5). */
  public void grant(int ref, int to, long frame) {
    entry(ref, 1, to, frame);
  }

  public void entry(int ref, int flags, int domid, long frame) {
    store(entryAddress(ref) + 2, 2, domid);
    store(entryAddress(ref) + 4, 4, frame);
    setFlags(ref, flags);
  }

  public int flags(int ref) {
    return (int) load(entryAddress(ref), 2);
  }

  public void setFlags(int ref, int flags) {
    store(entryAddress(ref), 2, flags);
  }

  public void setDomid(int ref, int domid) {
    store(entryAddress(ref) + 2, 2, domid);
  }

  public void setFrame(int ref, long frame) {
    store(entryAddress(ref) + 4, 4, frame);
  }

  /** Replaces the flags by a compare-and-swap, as a guest does that withdraws an entry (spec §8.5). */
  public boolean compareAndSetFlags(int ref, int expected, int replacement) {
    if (flags(ref) != expected) {
      return false;
    }
    setFlags(ref, replacement);
    return true;
  }

  /** Where a guest that has mapped its table finds an entry. */
  public static long entryAddress(int ref) {
    return (Bench.TABLE << MachineMemory.PAGE_SHIFT) + 8L * ref;
  }

  // Loads and stores anywhere.

  public long load(long address, int size) {
    long value = vcpu.load(address, size);
    if (vcpu.takeAbort()) {
      throw new AssertionError("domain " + id() + " has no page at 0x" + Long.toHexString(address));
    }
    return value;
  }

  public void store(long address, int size, long value) {
    vcpu.store(address, size, value);
    if (vcpu.takeAbort()) {
      throw new AssertionError("domain " + id() + " has no page at 0x" + Long.toHexString(address));
    }
  }

  // Calls.

  public Answer map(int dom, int ref, int flags, long at) {
    return call(Struct.map(dom, ref, flags, at));
  }

  public Answer unmap(long at, int handle) {
    return call(Struct.unmap(at, handle));
  }

  public Answer copy(End source, End dest, int length) {
    return call(Struct.copy(source, dest, length));
  }

  public Answer swap(int a, int b) {
    return call(Struct.swap(a, b));
  }

  /** One struct, to its end. */
  public Answer call(Struct struct) {
    return batch(struct).get(0);
  }

  /** An array of structs of one kind, to its end. */
  public Reply batch(Struct... structs) {
    return batchAt(arguments(), structs);
  }

  public Reply batch(List<Struct> structs) {
    return batch(structs.toArray(Struct[]::new));
  }

  /** An array that begins at {@code address}, to its end. */
  public Reply batchAt(long address, Struct... structs) {
    write(address, structs);
    return callAt(address, structs);
  }

  /** As {@link #batchAt}, for an array that has been written already. */
  public Reply callAt(long address, Struct... structs) {
    int from = bench.decisions().count();
    issueAt(address, structs);
    bench.machine().finishCall(vcpu);
    return replyAt(address, from, structs);
  }

  /** Loads the registers for the array, without a step. */
  public void issue(Struct... structs) {
    write(arguments(), structs);
    issueAt(arguments(), structs);
  }

  public void issueAt(long address, Struct... structs) {
    vcpu.issue(GnttabOp.HYPERCALL, structs[0].op(), address, structs.length);
  }

  /** grant_table_op with just these registers. */
  public Answer raw(int command, long pointer, long count) {
    int from = bench.decisions().count();
    long rc = bench.machine().call(vcpu, GnttabOp.HYPERCALL, command, pointer, count);
    return new Answer(rc, Struct.setVersion(0), new byte[0], null, ending(from));
  }

  /** What lies in memory after a call of these structs whose first decision is the {@code from}-th. */
  Reply replyAt(long address, int from, Struct... structs) {
    long rc = vcpu.x(0);
    Rule ending = ending(from);
    List<Rule> decided = elementRules(from, structs.length > 0 && structs[0].op() == GnttabOp.CACHE_FLUSH);
    List<Answer> answers = new ArrayList<>();
    long at = address;
    for (Struct struct : structs) {
      Rule rule = answers.size() < decided.size() ? decided.get(answers.size()) : null;
      answers.add(new Answer(rc, struct, bench.peek(domain(), at, struct.size()), rule, ending));
      at += struct.size();
    }
    return new Reply(rc, answers, ending);
  }

  /** What lies in memory now for structs that were written to the argument pages. */
  public Reply reply(Struct... structs) {
    return replySince(bench.callStart(), structs);
  }

  /** As {@link #reply}, for a call whose first decision is the {@code from}-th of the bench. */
  public Reply replySince(int from, Struct... structs) {
    return replyAt(arguments(), from, structs);
  }

  /** Writes structs one behind the other; parts that would lie in a hole are left out. */
  public void write(long address, Struct... structs) {
    long at = address;
    for (Struct struct : structs) {
      bench.poke(domain(), at, struct.bytes());
      at += struct.size();
    }
  }

  private @Nullable Rule ending(int from) {
    Rule last = null;
    for (Decisions.Decision decision : bench.decisions().of(id(), vcpu.id(), from)) {
      last = decision.rule().facts().kind() == Rule.Kind.STATUS ? last : decision.rule();
    }
    return last;
  }

  private List<Rule> elementRules(int from, boolean flush) {
    return bench.decisions().of(id(), vcpu.id(), from).stream()
        .map(Decisions.Decision::rule)
        .filter(rule -> flush || rule.facts().kind() == Rule.Kind.STATUS)
        .toList();
  }

  // One step at a time.

  /** Takes one step of this vCPU, which must be able to. */
  public void step() {
    Machine machine = bench.machine();
    if (!machine.enabled(vcpu)) {
      throw new AssertionError("vCPU " + vcpu.id() + " of domain " + id() + " cannot take a step");
    }
    machine.step(vcpu);
  }

  /** Takes steps until the named phase is the next one. */
  public void stepTo(String phase) {
    do {
      step();
    } while (!phase.equals(phase()) && bench.isBusy(this));
    if (!phase.equals(phase())) {
      throw new AssertionError("the call ended before " + phase);
    }
  }

  /** Takes all steps that are left of the call. */
  public void finish() {
    while (bench.isBusy(this)) {
      step();
    }
  }

  public boolean isEnabled() {
    return bench.machine().enabled(vcpu);
  }

  /** The name of the operation's next phase, or "" between calls. */
  public String phase() {
    return Phases.of(vcpu.call());
  }
}
