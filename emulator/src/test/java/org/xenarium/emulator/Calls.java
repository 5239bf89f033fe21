package org.xenarium.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.emulator.trace.Errno;
import org.xenarium.emulator.trace.Rule;

/**
 * What tests of single hypercalls begin with: a machine with a control domain and two guests of one vCPU each, and a watcher of the rules
 * that decide. Each domain has {@value #RAM_PAGES} pages of RAM from gfn {@link #RAM} on; its first page takes argument structures, its
 * second one lists.
 */
public abstract class Calls {
  protected static final long FIRST_MFN = 0x1000;
  protected static final int FRAMES = 0x600;
  protected static final long REACH = 1L << 28;
  protected static final long RAM = 0x40000;
  protected static final int RAM_PAGES = 16;
  protected static final long MAX_PAGES = 20;

  /** A gfn where nothing is mapped; many holes follow it. */
  protected static final long HOLE = 0x38000;

  protected static final long ARGUMENT = address(RAM);
  protected static final long LIST = address(RAM + 1);
  protected static final long UNREADABLE = address(HOLE + 0x1000);

  protected final Machine machine;
  protected final Domain control;
  protected final Domain guest;
  protected final Domain other;

  private final List<Rule> decided = new ArrayList<>();
  private final Set<Rule> reached = new LinkedHashSet<>();

  protected Calls() {
    this(Semantics.baseline(SecurityPolicy.SILO));
  }

  protected Calls(Semantics semantics) {
    machine = Machine.builder().semantics(semantics).memory(FIRST_MFN, FRAMES).reach(REACH).module(new LentFrames()).build();
    control = domain(DomainConfig.guest(0, 4000).withPrivilege(true));
    guest = domain(DomainConfig.guest(1, MAX_PAGES));
    other = domain(DomainConfig.guest(2, MAX_PAGES));
    machine.world().watch(
        (domid, vcpu, element, rule) -> {
          assertThat(rule.facts().releases().contains(semantics.release())).as("%s holds for %s", rule.id(), semantics.release()).isTrue();
          decided.add(rule);
          reached.add(rule);
        });
  }

  /** One more domain, with RAM like the others'. */
  protected final Domain domain(DomainConfig config) {
    Domain domain = machine.createDomain(config);
    domain.ownRam(RAM, FIRST_MFN + (long) config.id() * RAM_PAGES, RAM_PAGES);
    return domain;
  }

  /** A call's only deciding rule and its return value. */
  public record Answer(Rule rule, long result) {
    @Override
    public String toString() {
      return rule.id() + " returns " + Errno.name(result);
    }
  }

  protected static Answer answer(Rule rule, long result) {
    return new Answer(rule, result);
  }

  /** Makes one hypercall on the caller's first vCPU. */
  protected Answer ask(Domain caller, int number, long x0, long x1) {
    decided.clear();
    long result = machine.call(caller.vcpu(0), number, x0, x1, 0);
    assertThat(decided).as("one rule decides").hasSize(1);
    return new Answer(decided.getFirst(), result);
  }

  /** The rule that decided last. */
  protected final Rule ended() {
    return decided.getLast();
  }

  /** The rules that decided in a call, in order, and its return value. */
  public record Answers(List<Rule> rules, long result) {}

  /** As {@link #ask}, for calls with elements. */
  protected Answers askAll(Domain caller, int number, long x0, long x1) {
    decided.clear();
    long result = machine.call(caller.vcpu(0), number, x0, x1, 0);
    return new Answers(List.copyOf(decided), result);
  }

  /** Every rule that decided anything so far. */
  protected final Set<Rule> reached() {
    return reached;
  }

  protected static long address(long gfn) {
    return gfn << MachineMemory.PAGE_SHIFT;
  }

  /** A store by the guest itself, which must not abort. */
  protected static void store(Domain domain, long address, int size, long value) {
    Vcpu vcpu = domain.vcpu(0);
    vcpu.store(address, size, value);
    assertThat(vcpu.takeAbort() || vcpu.isStuck()).as("the store to 0x%x fails", address).isFalse();
  }

  protected static long load(Domain domain, long address, int size) {
    Vcpu vcpu = domain.vcpu(0);
    long value = vcpu.load(address, size);
    assertThat(vcpu.takeAbort() || vcpu.isStuck()).as("the load from 0x%x fails", address).isFalse();
    return value;
  }

  protected static long mfn(Domain domain, long gfn) {
    return Physmap.mfn(domain.physmap().entry(gfn));
  }

  protected static EntryType type(Domain domain, long gfn) {
    return Physmap.type(domain.physmap().entry(gfn));
  }

  protected MachineMemory memory() {
    return machine.world().memory();
  }

  /** Maps a page of {@code owner} into {@code domain} as XENMAPSPACE_gmfn_foreign would. */
  protected void mapForeign(Domain domain, long gfn, Domain owner, long ownersGfn, EntryType type) {
    long mfn = mfn(owner, ownersGfn);
    assertThat(memory().get(mfn, owner.id())).isTrue();
    domain.physmap().set(gfn, mfn, type);
  }

  /** Begins the destruction of a domain: it is dying, its pages are all there yet. */
  protected static void beginDeath(Domain domain) {
    domain.beginDeath();
    Objects.requireNonNull(domain.death()).step(domain);
  }
}
