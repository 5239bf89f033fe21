package org.xenarium.gnttab.model;

import static org.xenarium.gnttab.abi.GntStatus.BAD_COPY_ARG;
import static org.xenarium.gnttab.abi.GntStatus.BAD_DOMAIN;
import static org.xenarium.gnttab.abi.GntStatus.BAD_GNTREF;
import static org.xenarium.gnttab.abi.GntStatus.BAD_HANDLE;
import static org.xenarium.gnttab.abi.GntStatus.BAD_PAGE;
import static org.xenarium.gnttab.abi.GntStatus.EAGAIN;
import static org.xenarium.gnttab.abi.GntStatus.GENERAL_ERROR;
import static org.xenarium.gnttab.abi.GntStatus.OKAY;
import static org.xenarium.gnttab.abi.GntStatus.PERMISSION_DENIED;
import static org.xenarium.gnttab.abi.MapFlags.APPLICATION_MAP;
import static org.xenarium.gnttab.abi.MapFlags.CONTAINS_PTE;
import static org.xenarium.gnttab.abi.MapFlags.DEVICE_MAP;
import static org.xenarium.gnttab.abi.MapFlags.HOST_MAP;
import static org.xenarium.gnttab.abi.MapFlags.READONLY;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.memory.MachineMemory;

/**
 * The reference model: who may reach which frame, how, and until when (spec §0, §3, §5, §6). Two functions: what may be answered to a call, and
 * what is so after an answer. Written for obviousness, and from the specification alone: it shares no code with the operations.
 */
public final class ReferenceModel {
  /** References below this one are reserved for the toolstack, and their pins hold up no change of version (spec §4). */
  private static final int FIRST_UNRESERVED = 8;

  private final Facts facts;

  ReferenceModel(Facts facts) {
    this.facts = facts;
  }

  /** Follows the machine from now on; the first difference ends the step with a {@link DifferentException}. */
  public static ModelWatch follow(Machine machine) {
    return follow(machine, Differences.THROW);
  }

  /** Follows the machine from now on, in whatever state it is. */
  public static ModelWatch follow(Machine machine, Differences differences) {
    return new ModelWatch(machine, differences).attach();
  }

  /**
   * A watch that knows the machine as it is and is told of no steps: it costs less to {@linkplain ModelWatch#copy(Machine, Differences) copy} it for
   * each copy of the machine than to let each learn its own.
   *
   * @param machine in which nothing is done from now on
   */
  public static ModelWatch survey(Machine machine) {
    return new ModelWatch(machine, Differences.THROW);
  }

  // What may be answered.

  /** What may be answered to that call in that state; of calls without statuses, whether it may succeed. */
  Statuses allowed(State state, Call call) {
    return switch (call) {
      case Call.Map map -> map(state, map);
      case Call.Unmap unmap -> unmap(state, unmap);
      case Call.Copy copy -> copy(state, copy);
      case Call.Swap swap -> swap(state, swap);
      case Call.SwitchVersion version -> onlyIf(nothingUnreserved(state.known(version.caller())));
      case Call.Decrease decrease -> onlyIf(ownsPageAt(state, decrease.domain(), decrease.gfn()));
      case Call.Populate populate -> onlyIf(mayGive(state, populate.domain(), populate.frame(), populate.owns()) && facts.reaches(populate.gfn()));
      case Call.Give give -> onlyIf(mayGive(state, give.domain(), give.frame(), false));
      case Call.Lend lend -> onlyIf(state.frame(lend.frame()) == null);
      case Call.TakeBack take -> onlyIf(state.frame(take.frame()) instanceof Frame frame && frame.lent());
      case Call.Place place -> onlyIf(facts.reaches(place.gfn()) && state.known(place.domain()).alive());
      case Call.Remove remove -> onlyIf(standsForPage(state, remove.domain(), remove.gfn()));
      case Call.Die _ -> Statuses.only(OKAY);
    };
  }

  private static Statuses onlyIf(boolean possible) {
    return possible ? Statuses.FAILURES.or(OKAY) : Statuses.FAILURES;
  }

  /** Spec §3.3.1, in its order. */
  private Statuses map(State state, Call.Map map) {
    if ((map.flags() & (HOST_MAP | DEVICE_MAP)) == 0) {
      return Statuses.only(BAD_GNTREF);
    }
    if ((map.flags() & (DEVICE_MAP | APPLICATION_MAP | CONTAINS_PTE)) != 0) {
      return Statuses.only(GENERAL_ERROR);
    }
    DomainState caller = state.known(map.caller());
    DomainState granter = state.domain(map.granter());
    if (granter == null) {
      return Statuses.only(BAD_DOMAIN);
    }
    if (!facts.mayShare(caller, caller, granter)) {
      return Statuses.only(PERMISSION_DENIED);
    }
    Statuses rest = mapGrant(state, caller, granter, map);
    return map.mayLackHandles() ? rest.or(facts.noSpace()) : rest;
  }

  private Statuses mapGrant(State state, DomainState caller, DomainState granter, Call.Map map) {
    Entry entry = map.entry();
    if (entry == null) {
      return Statuses.only(BAD_GNTREF);
    }
    Pin pin = granter.pin(map.ref());
    boolean asks = asksEntry(pin, map.readonly());
    if (pin != null && isTaken(pin, caller, map.readonly())
        || asks && (pin == null && !entry.permitsMap(caller.id()) || !map.readonly() && entry.isReadonly())) {
      return Statuses.only(GENERAL_ERROR);
    }
    long frame = pin == null ? state.ownPage(granter, entry.frame()) : pin.frame();
    if (frame < 0) {
      return Statuses.only(BAD_PAGE, asks);
    }
    boolean arrives = state.isHeld(frame, granter) && (map.flags() & ~(HOST_MAP | READONLY)) == 0 && facts.reaches(map.gfn()) && caller.alive();
    Statuses end = Statuses.only(arrives ? OKAY : GENERAL_ERROR, asks);
    return arrives && map.mayLackTables() ? end.or(GENERAL_ERROR) : end;
  }

  /** The frame that a map which may succeed leads to: that of the pin, or the one that the entry names. */
  static long frameOf(State state, Call.Map map) {
    DomainState granter = state.domain(map.granter());
    if (granter == null || map.entry() == null) {
      return -1;
    }
    Pin pin = granter.pin(map.ref());
    return pin == null ? state.ownPage(granter, map.entry().frame()) : pin.frame();
  }

  /** Is the entry looked at? Not when the grant is in use in that way already (spec §3.3.2). */
  static boolean asksEntry(@Nullable Pin pin, boolean readonly) {
    return pin == null || !readonly && pin.writers() == 0;
  }

  private boolean isTaken(Pin pin, DomainState caller, boolean readonly) {
    return pin.holder() != caller.id() || pin.isFull(readonly, facts.eachCounterForItself());
  }

  /** Spec §3.4.1 and §3.4.3. */
  private Statuses unmap(State state, Call.Unmap unmap) {
    DomainState caller = state.known(unmap.caller());
    Mapping mapping = caller.mapping(unmap.handle());
    if (mapping == null || !unmap.entryExists()) {
      return Statuses.only(BAD_HANDLE);
    }
    if (unmap.address() == 0) {
      return Statuses.only(OKAY);
    }
    Reach at = caller.reach().get(unmap.gfn());
    boolean otherFrame = at != null && at.isRam() && at.frame() != mapping.frame() && facts.removalNamesFrame();
    if (unmap.replacement() != 0 || otherFrame || !caller.alive() || !facts.reaches(unmap.gfn())) {
      return Statuses.only(GENERAL_ERROR);
    }
    boolean splits = at != null && at.by() == Reach.By.OWNERSHIP && unmap.mayLackTables();
    return splits ? Statuses.only(OKAY).or(GENERAL_ERROR) : Statuses.only(OKAY);
  }

  /** Spec §3.5: it succeeds when nothing is wrong, and otherwise answers one of the things that are. */
  private Statuses copy(State state, Call.Copy copy) {
    if (copy.length() == 0 && facts.emptyCopyOkay()) {
      return Statuses.only(OKAY);
    }
    DomainState caller = state.known(copy.caller());
    DomainState source = named(state, caller, copy.source());
    DomainState dest = claimed(state, caller, source, named(state, caller, copy.dest()), copy.source());
    Statuses wrong = operand(state, caller, source, copy.source(), true).or(operand(state, caller, dest, copy.dest(), false));
    if (source != null && dest != null && !facts.mayShare(caller, source, dest)) {
      wrong = wrong.or(PERMISSION_DENIED);
    }
    if (copy.source().offset() + copy.length() > MachineMemory.PAGE_SIZE || copy.dest().offset() + copy.length() > MachineMemory.PAGE_SIZE) {
      wrong = wrong.or(BAD_COPY_ARG);
    }
    if (isPart(copy.source()) || isPart(copy.dest())) {
      return wrong.or(Statuses.FAILURES).or(OKAY);
    }
    return wrong.isEmpty() ? Statuses.only(OKAY) : wrong;
  }

  /** That end of a copy as it is once the source has been claimed: an entry that is both is pinned then; before V13 all its counters count. */
  private @Nullable DomainState claimed(
      State state, DomainState caller, @Nullable DomainState source, @Nullable DomainState dest, Call.Operand operand) {
    if (source == null || dest == null || source != dest || !operand.byRef()) {
      return dest;
    }
    int ref = (int) operand.number();
    Pin pin = source.pin(ref);
    if (pin == null) {
      long frame = operand.entry() == null ? -1 : state.ownPage(source, operand.entry().frame());
      return frame < 0 ? dest : dest.withPin(ref, new Pin(caller.id(), frame, 1, 0));
    }
    return facts.eachCounterForItself() ? dest : dest.withPin(ref, pin.with(true, 1));
  }

  private static boolean isPart(Call.Operand operand) {
    return operand.entry() != null && operand.entry().isPart();
  }

  static @Nullable DomainState named(State state, DomainState caller, Call.Operand operand) {
    return operand.domid() == DomId.SELF ? caller : state.domain(operand.domid());
  }

  /** All that is wrong with one end of a copy; nothing if it can be used. */
  private Statuses operand(State state, DomainState caller, @Nullable DomainState owner, Call.Operand operand, boolean readonly) {
    boolean byOthersFrame = !operand.byRef() && operand.domid() != DomId.SELF;
    if (owner == null) {
      return byOthersFrame ? Statuses.only(BAD_DOMAIN).or(PERMISSION_DENIED) : Statuses.only(BAD_DOMAIN);
    }
    if (byOthersFrame) {
      return Statuses.only(PERMISSION_DENIED);
    }
    if (!operand.byRef()) {
      return state.ownPage(owner, operand.number()) < 0 ? Statuses.only(BAD_PAGE) : Statuses.NONE;
    }
    return operand.entry() == null ? Statuses.only(BAD_GNTREF) : claim(state, caller, owner, operand, operand.entry(), readonly);
  }

  /** Spec §3.5.3. */
  private Statuses claim(State state, DomainState caller, DomainState owner, Call.Operand operand, Entry entry, boolean readonly) {
    Pin pin = owner.pin((int) operand.number());
    if (pin != null && isTaken(pin, caller, readonly)) {
      return Statuses.only(GENERAL_ERROR);
    }
    if (!asksEntry(pin, readonly) && pin != null) {
      return owner.alive() && state.isHeld(pin.frame(), owner) ? Statuses.NONE : Statuses.only(BAD_DOMAIN);
    }
    if (pin == null && !entry.permitsCopy(caller.id()) || !readonly && entry.isReadonly()) {
      return Statuses.only(GENERAL_ERROR);
    }
    long frame = state.ownPage(owner, entry.frame());
    if (frame < 0) {
      return Statuses.only(BAD_PAGE);
    }
    boolean moved = pin != null && frame != pin.frame() && facts.upgradeChecksFrame();
    return moved ? Statuses.only(GENERAL_ERROR) : Statuses.NONE;
  }

  /** Spec §3.9. */
  private static Statuses swap(State state, Call.Swap swap) {
    DomainState caller = state.known(swap.caller());
    if (!swap.bothExist()) {
      return Statuses.only(BAD_GNTREF);
    }
    boolean inUse = swap.a() != swap.b() && (caller.pin(swap.a()) != null || caller.pin(swap.b()) != null);
    return Statuses.only(inUse ? EAGAIN : OKAY);
  }

  /** No version is changed under a grant in use, but for the reserved ones (spec §4). */
  private static boolean nothingUnreserved(DomainState domain) {
    Boolean found = domain.pins().first((ref, pin) -> ref >= FIRST_UNRESERVED ? Boolean.TRUE : null);
    return found == null;
  }

  private static boolean ownsPageAt(State state, int domain, long gfn) {
    Reach at = state.known(domain).reach().get(gfn);
    return at != null && state.isHeld(at.frame(), state.known(domain));
  }

  /** A page passes from one owner to another only by being free in between (I48). */
  private static boolean mayGive(State state, int domain, long frame, boolean owns) {
    return owns ? state.isHeld(frame, state.known(domain)) : state.frame(frame) == null && state.known(domain).alive();
  }

  /** What remove_from_physmap finds: a page of the domain's own, or a foreign one (spec §6.7). */
  private static boolean standsForPage(State state, int domain, long gfn) {
    Reach at = state.known(domain).reach().get(gfn);
    return at != null && at.isRam() && (at.by() == Reach.By.FOREIGN || state.isHeld(at.frame(), state.known(domain)));
  }

  // What is so afterwards.

  /** The state after that call was answered like that. */
  State next(State state, Call call, Answer answer) {
    if (!answer.isOkay()) {
      return state;
    }
    return switch (call) {
      case Call.Map map -> mapped(state, map, answer);
      case Call.Unmap unmap -> unmapped(state, unmap);
      case Call.Decrease decrease -> {
        Reach at = state.known(decrease.domain()).reach().get(decrease.gfn());
        State without = state.clear(decrease.domain(), decrease.gfn());
        yield at == null || decrease.keeps() ? without : without.giveBack(at.frame());
      }
      case Call.Populate populate -> {
        State given = populate.owns() ? state : give(state, populate.domain(), populate.frame());
        yield given.put(populate.domain(), populate.gfn(), new Reach(Reach.By.OWNERSHIP, populate.frame(), true));
      }
      case Call.Give give -> give(state, give.domain(), give.frame());
      case Call.Lend lend -> lent(state, lend);
      case Call.TakeBack take -> takenBack(state, take);
      case Call.Place place -> placed(state, place);
      case Call.Remove remove -> state.clear(remove.domain(), remove.gfn());
      case Call.Die die -> dead(state, state.known(die.domain()));
      case Call.Copy _, Call.Swap _, Call.SwitchVersion _ -> state;
    };
  }

  private static State lent(State state, Call.Lend lend) {
    Frame frame = Frame.lent(state.known(lend.domain()).incarnation());
    return state.with(lend.frame(), lend.dying() ? frame.givenBack() : frame);
  }

  private static State give(State state, int domain, long frame) {
    return state.with(frame, Frame.ram(state.known(domain).incarnation()));
  }

  /** Spec §3.3.4: the grant is in use once more, the page is kept, the handle lives, the page is reached. */
  private static State mapped(State state, Call.Map map, Answer answer) {
    Reach reach = new Reach(Reach.By.GRANT, answer.frame(), !map.readonly());
    State pinned = state.pin(map.granter(), map.ref(), map.caller(), answer.frame(), map.readonly(), 1).use(answer.frame(), 1);
    Mapping mapping = new Mapping(map.granter(), map.ref(), answer.frame(), map.readonly(), map.gfn());
    return pinned.with(pinned.known(map.caller()).withMapping(answer.handle(), mapping)).put(map.caller(), map.gfn(), reach);
  }

  /** Spec §3.4: nothing happens without an address; else all of it is undone, at the address given now. */
  private static State unmapped(State state, Call.Unmap unmap) {
    Mapping mapping = state.known(unmap.caller()).mapping(unmap.handle());
    if (unmap.address() == 0 || mapping == null) {
      return state;
    }
    return release(state.clear(unmap.caller(), unmap.gfn()), unmap.caller(), unmap.handle(), mapping);
  }

  private static State release(State state, int mapper, int handle, Mapping mapping) {
    return state
        .with(state.known(mapper).withMapping(handle, null))
        .pin(mapping.granter(), mapping.ref(), mapper, mapping.frame(), mapping.readonly(), -1)
        .use(mapping.frame(), -1);
  }

  /** What Xen takes back, nobody reaches any more. */
  private static State takenBack(State state, Call.TakeBack take) {
    State without = new State(state.domains(), state.frames().with(take.frame(), null));
    Long gfn = state.known(take.domain()).reach().first((at, reach) -> reach.frame() == take.frame() ? (Long) at : null);
    return gfn == null ? without : without.clear(take.domain(), gfn);
  }

  /** A grant frame that lies somewhere is moved, in releases that move it; shared_info then lies at both places (V20). */
  private State placed(State state, Call.Place place) {
    Long lies = null;
    if (!facts.addedFrameStays() && place.moves()) {
      lies = state.known(place.domain()).reach().first((at, reach) -> reach.equals(place.what()) ? (Long) at : null);
    }
    return (lies == null ? state : state.clear(place.domain(), lies)).put(place.domain(), place.gfn(), place.what());
  }

  /** Spec §5.1: it lets go of all that it has mapped and reaches, and gives back what it owns; what others use, they keep. */
  private static State dead(State state, DomainState domain) {
    State[] after = {state};
    domain.mappings().forEach((handle, mapping) -> after[0] = release(after[0], domain.id(), (int) handle, mapping));
    domain.reach().forEach((gfn, reach) -> after[0] = reach.by() == Reach.By.FOREIGN ? after[0].use(reach.frame(), -1) : after[0]);
    state.frames().forEach((mfn, frame) -> after[0] = frame.owner() == domain.incarnation() ? after[0].giveBack(mfn) : after[0]);
    return after[0].with(after[0].known(domain.id()).dead());
  }
}
