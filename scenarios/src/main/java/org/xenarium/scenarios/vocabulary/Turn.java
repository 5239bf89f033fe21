package org.xenarium.scenarios.vocabulary;

import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Access;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.emulator.semantics.Profile;
import org.xenarium.gnttab.driver.DriverDifference;
import org.xenarium.gnttab.driver.GrantDriver;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.scenarios.play.OtherDriver;
import org.xenarium.scenarios.script.Area;
import org.xenarium.scenarios.script.DomainSetup;
import org.xenarium.scenarios.script.Operation;

/**
 * The moment at which an actor makes a move: what it is drawn from, what the actor knows, and the means to act. What a verb draws first is 0
 * in the plainest case, see {@link Dice}.
 */
public final class Turn {
  /** Where nothing is. */
  static final long NOWHERE = (Area.FREE.first() - 1) << MachineMemory.PAGE_SHIFT;

  /** Where the errors of batches are stored. */
  static final long ERRORS = ((Area.LISTS.first() + 1) << MachineMemory.PAGE_SHIFT) + 0x800;

  /** Pages of RAM and of free address space that guests use: few, so that they meet. */
  static final int PLACES = 6;

  /** A domid that nobody has. */
  static final int NOBODY = 99;

  private final Run run;
  private int actor;
  private @Nullable Domain domain;
  private int steps;
  private Dice dice;

  Turn(Run run) {
    this.run = run;
    dice = Dice.of(new int[0], 0);
  }

  /**
   * Another one begins.
   *
   * @param whose the actor's domain; null for the toolstack
   */
  void begin(int who, @Nullable Domain whose, int pace, Dice numbers) {
    actor = who;
    domain = whose;
    steps = pace;
    dice = numbers;
  }

  /** What the move is drawn from. */
  public Dice dice() {
    return dice;
  }

  /** The machine, to look at. What is done to it directly is in no scenario file. */
  public Machine machine() {
    return run.stage().machine();
  }

  /** What the guests know. */
  public Knowledge knowledge() {
    return run.knowledge();
  }

  /** What the actor's domain knows. */
  public Knowledge.Guest known() {
    return knowledge().of(self());
  }

  /** Domid of the actor. */
  public int self() {
    return run.stage().domid(actor);
  }

  /** How the actor's guest behaves. */
  public Manner manner() {
    return run.manner(actor);
  }

  public boolean isWild() {
    return manner() == Manner.WILD;
  }

  /** The actor's domain. */
  public Domain domain() {
    return Objects.requireNonNull(domain, "the toolstack has no domain");
  }

  // Draws.

  /** One of the machine's domains. */
  public DomainSetup anyDomain() {
    List<DomainSetup> domains = run.stage().domains();
    return domains.get(dice.below(domains.size()));
  }

  /** Domid of another domain; now and then the actor's own, or nobody's. */
  public int other() {
    List<DomainSetup> domains = run.stage().domains();
    int odd = dice.below(12);
    if (odd == 10) {
      return dice.of(NOBODY, DomId.SELF, self());
    }
    int which = dice.below(Math.max(1, domains.size() - 1));
    for (DomainSetup domain : domains) {
      if (domain.id() != self() && which-- == 0) {
        return domain.id();
      }
    }
    return self();
  }

  /** Domid of the actor as it may be given: SELF, itself, or for once another one. */
  public int target() {
    return dice.of(DomId.SELF, DomId.SELF, DomId.SELF, self(), NOBODY, other());
  }

  /** As {@link #target()}, for what changes that domain: guests that may do so change their own only, or one that dies. */
  public int subject() {
    int target = target();
    Domain there = machine().world().domain(target);
    return domain().privileged() && there != null && there.life() == Life.ALIVE ? DomId.SELF : target;
  }

  /** A port that the actor's domain was given, or any. */
  Known port() {
    Knowledge.Given given = given(known().ports());
    return given == null || dice.oneIn(12) ? Known.number(dice.of(1, 2, 0, 5000)) : given.what();
  }

  /** Whether the machine is an Arm one. */
  boolean isArm() {
    return machine().world().semantics().profile() == Profile.ARM;
  }

  /** A page of the actor's RAM. */
  public long ramPage() {
    return Area.RAM.first() + dice.below(PLACES);
  }

  /** Any guest frame, whatever may be there. */
  public long anyPage() {
    int place = dice.below(2 * PLACES + 4);
    if (place < PLACES) {
      return Area.RAM.first() + place;
    }
    if (place < 2 * PLACES) {
      return Area.FREE.first() + place - PLACES;
    }
    return switch (place - 2 * PLACES) {
      case 0 -> Area.GRANTS.first();
      case 1 -> 0;
      case 2 -> reach() - 1;
      default -> reach();
    };
  }

  /** The last page of the actor's RAM, which nothing else is drawn for. */
  long lastRamPage() {
    return Area.RAM.first() + domainSetup().ram() - 1;
  }

  private long reach() {
    return run.setting().scenario().machine().reach();
  }

  /** A guest frame at which nothing is and where no call in flight is about to map something. */
  public long hole() {
    return firstHole(Area.FREE.first() + dice.below(PLACES));
  }

  private long firstHole(long first) {
    for (long gfn = first; gfn < first + DomainSetup.MOST_REGION_PAGES; gfn++) {
      if (isHole(gfn)) {
        return gfn;
      }
    }
    return first;
  }

  /** As {@link #isHole} for so many frames in a row. */
  boolean areHoles(long first, int count) {
    for (long gfn = first; gfn < first + count; gfn++) {
      if (!isHole(gfn)) {
        return false;
      }
    }
    return true;
  }

  /** Whether nothing is at a guest frame and no call in flight is about to map something there. */
  boolean isHole(long gfn) {
    return domain().physmap().entry(gfn) == Physmap.HOLE && !run.calls().isBeingMapped(self(), gfn);
  }

  /** As {@link #hole()}, behind a frame that is about to be used. */
  long holeAfter(long gfn) {
    long hole = hole();
    while (hole <= gfn && gfn < Area.FREE.first() + DomainSetup.MOST_REGION_PAGES) {
      hole = firstHole(gfn + 1);
    }
    return hole;
  }

  /** A reference: one that somebody has granted to the actor, or any. */
  public Known foreignRef(int granter) {
    if (dice.below(8) < 6) {
      Knowledge.Grant grant = Knowledge.nth(knowledge().of(granter).grants(), dice.below(16), any -> any.grantee() == self());
      if (grant != null) {
        return grant.ref();
      }
    }
    return Known.number(anyRef());
  }

  /** A reference of the actor's table, or beyond. */
  public int anyRef() {
    return dice.below(12) == 11 ? dice.of(0, 1, 7, 511, 512, 1023, -1) : 8 + dice.below(4);
  }

  /** A mapping of the actor's domain; null if it has none. */
  public Knowledge.@Nullable Mapping mapping() {
    return Knowledge.nth(known().mappings(), dice.below(64));
  }

  /** A mapping of the actor's domain that is meant; null if it has none. */
  public Knowledge.@Nullable Mapping mapping(Predicate<Knowledge.Mapping> meant) {
    return Knowledge.nth(known().mappings(), dice.below(64), meant);
  }

  /** A grant of the actor's domain; null if it has none. */
  public Knowledge.@Nullable Grant grant() {
    return Knowledge.nth(known().grants(), dice.below(64));
  }

  /** A grant of the actor's domain that is meant; null if it has none. */
  public Knowledge.@Nullable Grant grant(Predicate<Knowledge.Grant> meant) {
    return Knowledge.nth(known().grants(), dice.below(64), meant);
  }

  /** One of those that the actor's domain was given; null if there is none. */
  public Knowledge.@Nullable Given given(List<Knowledge.Given> all) {
    return Knowledge.nth(all, dice.below(16));
  }

  /** Flags of an entry of the actor's table; -1 where the guest cannot look. */
  public long flags(int ref) {
    Vcpu vcpu = domain().vcpu(0);
    long address = Entries.address(ref, GrantTable.of(domain()).version() == 2);
    return vcpu.access(address, true) == Access.DONE ? vcpu.load(address, 2) : -1;
  }

  /** Whether an open grant of the actor's domain names that frame. */
  public boolean isGranted(long gfn) {
    return known().isGranted(gfn, gfn + 1);
  }

  /** Whether the driver of the actor's domain has that difference. */
  public boolean has(DriverDifference difference) {
    return difference.isIn(domainSetup().driver().version());
  }

  /** The setup of the actor's domain. */
  DomainSetup domainSetup() {
    return run.setup(actor);
  }

  /** Whether the driver of the actor's domain is initialised. */
  public boolean isDriverReady() {
    OtherDriver other = OtherDriver.of(domain());
    boolean ready = other == null ? GrantDriver.of(domain()).frames() > 0 : other.isReady();
    return ready && !run.calls().isAny(self(), Operation.INIT);
  }

  /** Whether the driver of the actor's domain looks where it is told to map: Xenarium's own does if it has regions; of others nobody knows. */
  public boolean refusesOtherAddresses() {
    return OtherDriver.of(domain()) == null && !domainSetup().driver().regions().isEmpty();
  }

  /** Domid of the first domain, which the toolstack leaves alone. */
  public int firstDomid() {
    return run.stage().domains().get(0).id();
  }

  /** Whether a call in flight of the actor's domain is about that mapping or grant, so that a careful guest leaves it alone. */
  public boolean isInUse(Operation operation, int field, long value) {
    return run.calls().isAny(self(), operation, field, value);
  }

  /** Whether the actor's domain has such a call in flight. */
  public boolean isUnderWay(Operation operation) {
    return run.calls().isAny(self(), operation);
  }

  /** Guest address at which the actor's lists of frames and ports lie. */
  long lists() {
    return run.stage().lists(actor);
  }

  // Acts.

  /** Begins to describe a call of the actor. */
  public Call call(Operation operation) {
    return new Call(this, operation);
  }

  /** Does something to a domain from outside. */
  public void outside(Operation operation, long... numbers) {
    run.outside(operation, numbers);
  }

  /** Whether the actor can begin a call, so that it has none under way. */
  boolean isIdle() {
    return run.stage().isIdle(actor);
  }

  /** Whether the toolstack can ask for that domain, which was absent so far. */
  boolean canCreate(DomainSetup domain) {
    return run.stage().canCreate(domain);
  }

  /**
   * A grant to the actor's domain that its granter's driver is about to end.
   *
   * @param granter domid
   */
  public record Ending(int granter, Knowledge.Grant grant) {}

  /** A grant to the actor's domain whose granter is within an end_access of it; null if there is none. */
  public @Nullable Ending ending() {
    for (DomainSetup granter : run.stage().domains()) {
      for (Knowledge.Grant grant : knowledge().of(granter.id()).grants()) {
        if (grant.grantee() == self() && run.calls().isAny(granter.id(), Operation.END_ACCESS, 0, grant.ref().value())) {
          return new Ending(granter.id(), grant);
        }
      }
    }
    return null;
  }

  /** Somebody who has stopped within a call that is about to mark an entry of the actor's domain; null if nobody has. */
  CallsUnderWay.@Nullable Marking marking() {
    return run.marking(self());
  }

  /** Somebody who has stopped within a call goes on by so many steps. */
  void letGoOn(int who, int count) {
    run.letGoOn(who, count);
  }

  void play(Call call) {
    if (!isIdle()) {
      throw new IllegalStateException("a verb makes one call, and this one makes " + call.operation().spelling() + " while one that it has begun is under "
          + "way: make two verbs of it, or draw which of the two it makes");
    }
    run.begin(actor, call, steps);
  }
}
