package org.xenarium.scenarios.play;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Alarm;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.scenarios.script.Actor;
import org.xenarium.scenarios.script.Column;
import org.xenarium.scenarios.script.DomainSetup;
import org.xenarium.scenarios.script.Kind;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Progress;
import org.xenarium.scenarios.script.Scenario;

/**
 * The machine of a scenario on which operations are played one by one, as somebody decides them while it runs. Each vCPU is one actor. There
 * is an order instead of a clock: an operation takes steps when it is told to, and a sleep is over at once.
 */
public final class Stage {
  /** Elements that one operation may have. */
  public static final int MOST_ELEMENTS = 64;

  private static final int WIDTH = Column.OF_STEP + MOST_ELEMENTS * 8;

  private final List<DomainSetup> domains;
  private final List<Actor> actors;
  private final int[] slots;
  private final int[] domids;

  /** Of each actor, which of the domains is its. */
  private final int[] places;

  private final Machine machine;
  private final Notes notes;
  private final DomainBuilder builder;

  /** Of each domain, whether it was created. */
  private final boolean[] created;

  /** Of each domain, whether it was created, and none of its id since. */
  private boolean[] newest;

  /** Told of domains that are created. */
  private Consumer<Domain> newcomers = domain -> {};

  private Stage(Scenario scenario, Machine machine) {
    domains = scenario.domains();
    builder = new DomainBuilder(scenario);
    created = new boolean[domains.size()];
    for (int i = 0; i < created.length; i++) {
      created[i] = !domains.get(i).absent();
    }
    newest = newest(domains, created);
    places = actors(domains).stream().mapToInt(actor -> domains.indexOf(scenario.domain(actor.domain()))).toArray();
    actors = actors(domains);
    slots = actors.stream().mapToInt(Actor::vcpu).toArray();
    domids = actors.stream().mapToInt(actor -> scenario.domain(actor.domain()).id()).toArray();
    this.machine = machine;
    machine.world().setAlarm(Alarm.AT_ONCE);
    notes = Notes.of(machine.world());
  }

  private Stage(Stage other) {
    domains = other.domains;
    actors = other.actors;
    slots = other.slots;
    domids = other.domids;
    places = other.places;
    builder = other.builder;
    created = other.created.clone();
    newest = other.newest;
    newcomers = other.newcomers;
    machine = other.machine.copy();
    machine.world().setAlarm(Alarm.AT_ONCE);
    notes = Notes.of(machine.world());
  }

  /** The machine of that scenario, in which nothing has been done. Its steps are left out. */
  public static Stage of(Scenario scenario) throws UnplayableScenarioException {
    Scenario bare = scenario.withoutSteps();
    int[] layout = new int[actors(scenario.domains()).size() + 1];
    for (int i = 0; i < layout.length; i++) {
      layout[i] = i * WIDTH;
    }
    return new Stage(bare, new MachineBuilder(bare, new Plan(bare)).build(new Notes(layout)));
  }

  private static List<Actor> actors(List<DomainSetup> domains) {
    List<Actor> actors = new ArrayList<>();
    for (DomainSetup domain : domains) {
      for (int vcpu = 0; vcpu < domain.vcpus(); vcpu++) {
        actors.add(new Actor(domain.name(), vcpu, ""));
      }
    }
    return actors;
  }

  /** An independent stage in the same state, for use in the same thread. */
  public Stage copy() {
    return new Stage(this);
  }

  public Machine machine() {
    return machine;
  }

  public List<DomainSetup> domains() {
    return domains;
  }

  /** The vCPUs of all domains, in the order of the domains; everywhere else they are known by their index here. */
  public List<Actor> actors() {
    return actors;
  }

  /** Domid of the actor's domain. */
  public int domid(int actor) {
    return domids[actor];
  }

  /** Guest address at which the lists of the actor's hypercalls lie. */
  public long lists(int actor) {
    return GuestMemory.lists(slots[actor]);
  }

  private static boolean[] newest(List<DomainSetup> domains, boolean[] created) {
    boolean[] newest = created.clone();
    for (int i = 0; i < newest.length; i++) {
      for (int later = i + 1; later < newest.length; later++) {
        newest[i] &= !created[later] || domains.get(later).id() != domains.get(i).id();
      }
    }
    return newest;
  }

  /** The actor's vCPU; null when the domain has disappeared, or is absent so far. */
  public @Nullable Vcpu vcpu(int actor) {
    Domain domain = newest[places[actor]] ? machine.world().domain(domids[actor]) : null;
    return domain == null || slots[actor] >= domain.vcpuCount() ? null : domain.vcpu(slots[actor]);
  }

  /** Whether the actor can begin something. */
  public boolean isIdle(int actor) {
    return idle(actor) != null;
  }

  /** The actor's vCPU if it can begin something; else null. */
  public @Nullable Vcpu idle(int actor) {
    Vcpu vcpu = isBusy(actor) ? null : vcpu(actor);
    return vcpu != null && vcpu.domain().mayRun() && !vcpu.isStuck() && !vcpu.isHalted() ? vcpu : null;
  }

  /** Whether the actor has begun something that is not over. */
  public boolean isBusy(int actor) {
    return notes.progress(actor) == Progress.UNDER_WAY;
  }

  /**
   * An idle actor begins an operation; nothing is done yet.
   *
   * @param numbers inputs of all elements, one element behind the other, each in the order of {@link Operation#in}; not changed any more
   * @param items what its lists of frames or ports hold, one behind the other
   * @param batch whether elements are passed as a batch
   * @param count of the hypercall, instead of the number of elements
   * @param pointer of the hypercall, instead of that of the elements
   */
  public void begin(
      int actor, Operation operation, long[] numbers, int elements, long[] items, boolean batch, OptionalLong count, OptionalLong pointer) {
    Vcpu vcpu = vcpu(actor);
    if (vcpu == null || vcpu.guest() != null) {
      throw new IllegalStateException(actors.get(actor) + " cannot begin " + operation.spelling());
    }
    notes.setProgress(actor, Progress.UNDER_WAY);
    notes.set(actor, Column.BEGAN, machine.now());
    int itemSize = operation == Operation.SCHED_POLL ? Integer.BYTES : Long.BYTES;
    Inputs inputs = new Inputs(operation, numbers, elements, items, itemSize);
    OtherDriver other = operation.kind() == Kind.DRIVER ? OtherDriver.of(vcpu.domain()) : null;
    vcpu.setGuest(Activities.of(actor, inputs, slots[actor], batch, count, pointer, other));
  }

  /**
   * The actor goes on with what it has begun, until that is over, or has to wait for others, or so many steps were taken.
   *
   * @return how far it is then
   */
  public Progress goOn(int actor, int steps) {
    Vcpu vcpu = vcpu(actor);
    if (vcpu == null) {
      return notes.progress(actor);
    }
    ByHand.goOn(machine, vcpu, steps, !isAnyoneElseInACall(actor), () -> vcpu.guest() == null);
    if (vcpu.guest() == null || vcpu.isHalted()) {
      end(actor, vcpu);
    }
    return notes.progress(actor);
  }

  private void end(int actor, Vcpu vcpu) {
    notes.set(actor, Column.ENDED, machine.now());
    if (vcpu.isHalted()) {
      notes.setProgress(actor, Progress.PANICKED);
    } else if (isBusy(actor)) {
      notes.setProgress(actor, Progress.DONE);
    }
  }

  private boolean isAnyoneElseInACall(int actor) {
    for (int other = 0; other < domids.length; other++) {
      if (other != actor && isBusy(other)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the actor could go on with what it has begun. */
  public boolean canGoOn(int actor) {
    Vcpu vcpu = vcpu(actor);
    return vcpu != null && vcpu.guest() != null && machine.enabled(vcpu);
  }

  /** A result of what the actor did last, see {@link Column}. */
  public long result(int actor, int column) {
    return notes.get(actor, column);
  }

  /** Whether a domain can be asked for that was absent at the start: the machine has its RAM, and it was not created before. */
  public boolean canCreate(DomainSetup domain) {
    return domain.absent() && !created[domains.indexOf(domain)] && builder.hasRam(machine, domain);
  }

  /** Something is done to a domain from outside; what takes many steps is only begun. */
  public void perform(Operation operation, long... numbers) {
    if (operation == Operation.CREATE) {
      create((int) numbers[0]);
      return;
    }
    Toolstack.perform(machine, operation, new Inputs(operation, numbers, 1, new long[0], Long.BYTES), false);
  }

  /** Each domain that is created from now on, here or on a copy of this stage, is given to that once it has RAM and Xenarium's driver. */
  public void whenCreated(Consumer<Domain> then) {
    newcomers = then;
  }

  private void create(int domid) {
    for (int i = 0; i < created.length; i++) {
      DomainSetup domain = domains.get(i);
      if (domain.id() == domid && canCreate(domain) && builder.create(machine, domain).domain() != null) {
        builder.giveRam(machine, domain);
        created[i] = true;
        newest = newest(domains, created);
        newcomers.accept(machine.domain(domid));
      }
    }
  }
}
