package org.xenarium.gnttab.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.StepWatcher;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.domain.World;
import org.xenarium.emulator.hypercall.Multicall;
import org.xenarium.emulator.memoryop.MemoryAbi;
import org.xenarium.emulator.trace.Errno;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.table.GrantTable;

/**
 * Follows a machine with the reference model: what every call that can change reachability asks, and what it is answered. Whenever no such call
 * is under way, what the calls could have touched is compared; {@link #audit} compares everything. See {@link ReferenceModel#follow}.
 *
 * <p>Calls that overlap are taken in the order in which their elements end. Their answers must follow from what the machine had at one of their
 * steps, see {@code Sight}; what is reached afterwards must be explained by the answers in any case.
 */
public final class ModelWatch implements StepWatcher {
  private final World world;
  private final Ledger ledger;
  private final GrantCalls grants;
  private final MemoryCalls memory;

  /** Calls under way. */
  private final List<Flight> flights = new ArrayList<>();

  /** Domains that are between life and death. */
  private final List<Domain> dying = new ArrayList<>();

  /** The call that the step at hand belongs to. */
  private @Nullable Flight current;

  ModelWatch(Machine machine, Differences differences) {
    this(machine.world(), new Ledger(machine.world(), differences));
    ledger.listDomains(true);
  }

  private ModelWatch(World world, Ledger ledger) {
    this.world = world;
    this.ledger = ledger;
    grants = new GrantCalls(ledger, flights, dying);
    memory = new MemoryCalls(ledger);
  }

  /** Begins to be told of the machine's steps. */
  ModelWatch attach() {
    world.watchSteps(this);
    return this;
  }

  /** Follows no more. */
  public void stop() {
    world.unwatchSteps(this);
  }

  /** A watch of a copy that has just been made of the machine, with the same knowledge. */
  public ModelWatch copy(Machine copied) {
    return copy(copied, ledger.differences());
  }

  /** As {@link #copy(Machine)}, with another to report to. */
  public ModelWatch copy(Machine copied, Differences differences) {
    ModelWatch copy = new ModelWatch(copied.world(), ledger.copy(copied.world(), differences));
    flights.forEach(flight -> copy.flights.add(flight.copy()));
    dying.forEach(domain -> copy.dying.add(copied.domain(domain.id())));
    return copy.attach();
  }

  /**
   * Compares everything that there is; takes as long as the machine is large.
   *
   * @return false if nothing was compared, because a call or a death is under way
   */
  public boolean audit() {
    if (!isQuiet()) {
      return false;
    }
    ledger.audit();
    return true;
  }

  /**
   * Something was done from outside, by who builds or drives the machine: between calls, everything is learned anew; while a call is under way,
   * only stores of guests are allowed for.
   */
  public void look() {
    if (isQuiet()) {
      ledger.learn();
    } else {
      grants.disturbed();
    }
  }

  // Steps of vCPUs.

  @Override
  public void before(Vcpu vcpu) {
    current = find(vcpu);
    if (current == null && vcpu.atHypercall() && (vcpu.call() != null || !vcpu.upcalls().isDue())) {
      begin(vcpu);
    }
    if (current != null) {
      meetNewDomains();
      missGoneDomains(current);
      current.justDecided = false;
      grants.look(current, vcpu);
    }
  }

  /** What calls under way are told depends on whether they looked for a domain before it was created or afterwards. */
  private void meetNewDomains() {
    if (ledger.hasNewDomain()) {
      ledger.listDomains(false);
      overlap();
    }
  }

  /** An element can let go of the last page that a dead domain was listed for: the next one does not find that domain any more. */
  private void missGoneDomains(Flight flight) {
    if (flight.element == null && flights.size() == 1 && dying.isEmpty()) {
      ledger.listDomains(true);
    }
  }

  private @Nullable Flight find(Vcpu vcpu) {
    for (Flight flight : flights) {
      if (flight.vcpu == vcpu.id() && flight.domid == vcpu.domain().id()) {
        return flight;
      }
    }
    return null;
  }

  private void begin(Vcpu vcpu) {
    Flight flight = Flight.of(vcpu);
    if (flight == null) {
      return;
    }
    ledger.listDomains(isQuiet());
    flights.add(flight);
    current = flight;
    ledger.because(flight);
    if (flight.isMemory()) {
      flight.argument = vcpu.x(1);
      flight.request = MemoryRequest.read(vcpu.domain(), flight.argument, flight.operation - Flight.MEMORY);
    } else {
      flight.version = GrantTable.of(vcpu.domain()).version();
      grants.callBegins(flight, vcpu);
    }
  }

  @Override
  public void decided(Vcpu vcpu, long element, Rule rule) {
    if (current != null) {
      current.decided = rule;
      current.justDecided = true;
    }
  }

  @Override
  public void after(Vcpu vcpu) {
    if (flights.size() > 1 || !dying.isEmpty()) {
      overlap();
    }
    Flight flight = current;
    if (flight == null) {
      grants.disturbed();
      lookAgain();
      return;
    }
    ledger.because(flight);
    Rule rule = flight.justDecided ? flight.decided : null;
    if (rule != null) {
      decided(flight, vcpu, rule);
    }
    if (isOver(vcpu)) {
      flights.remove(flight);
      callEnds(flight, vcpu);
      current = null;
      settle();
    }
  }

  /** A guest has taken a step, and may have stored what calls under way are about to read. */
  private void lookAgain() {
    for (Flight flight : flights) {
      Domain domain = world.domain(flight.domid);
      if (domain != null) {
        grants.lookAfterOthers(flight, domain.vcpu(flight.vcpu));
      }
    }
  }

  private void overlap() {
    if (!flights.isEmpty()) {
      ledger.overlap();
    }
    for (Flight flight : flights) {
      flight.overlapped = true;
    }
  }

  private void decided(Flight flight, Vcpu vcpu, Rule rule) {
    boolean batchElement = flight.operation == Flight.MEMORY + MemoryAbi.ADD_TO_PHYSMAP_BATCH && !isOver(vcpu);
    if (batchElement) {
      memory.elementEnds(flight, vcpu.domain(), rule.result());
    } else if (flight.left > 0 && rule.facts().kind() == Rule.Kind.STATUS) {
      grants.elementEnds(flight, vcpu, rule.result());
    }
  }

  private static boolean isOver(Vcpu vcpu) {
    Routine call = vcpu.call();
    return call == null || call.innermost() instanceof Multicall;
  }

  private void callEnds(Flight flight, Vcpu vcpu) {
    Rule rule = flight.justDecided ? flight.decided : null;
    if (flight.isMemory()) {
      memory.callEnds(flight, vcpu, rule != null);
      return;
    }
    if (flight.operation == GnttabOp.SET_VERSION || flight.operation == GnttabOp.SETUP_TABLE) {
      tableChanged(flight, vcpu.domain());
      return;
    }
    if (rule != null && rule.facts().kind() == Rule.Kind.RETURN && rule.result() == -Errno.EFAULT && flight.element != null) {
      grants.unanswered(flight, vcpu.domain());
    }
    grants.callEnds(flight);
  }

  private void tableChanged(Flight flight, Domain caller) {
    int version = GrantTable.of(caller).version();
    if (flight.version != 0 && version != flight.version) {
      ledger.succeed(new Call.SwitchVersion(flight.domid));
    }
    ledger.learnTables();
  }

  private void settle() {
    if (isQuiet()) {
      ledger.settle();
    }
  }

  private boolean isQuiet() {
    return flights.isEmpty() && dying.isEmpty();
  }

  // Deaths.

  @Override
  public void beforeDeath(Domain domain) {
    ledger.listDomains(isQuiet());
  }

  @Override
  public void afterDeath(Domain domain) {
    boolean known = dying.contains(domain);
    if (domain.life() == Life.DYING && !known) {
      dying.add(domain);
    }
    overlap();
    if (domain.life() == Life.DEAD && known) {
      dying.remove(domain);
      ledger.becauseOfDeath(domain);
      ledger.succeed(new Call.Die(domain.id()));
      settle();
    }
  }
}
