package org.xenarium.gnttab.kit.run;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Access;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.kit.Answer;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.Guest;
import org.xenarium.gnttab.kit.Reply;
import org.xenarium.gnttab.kit.Struct;

/**
 * Plays moves against a bench with three domains: A, B with two vCPUs, and C. Wild guests do what the moves say. Good guests keep to the
 * rules D1 to D6 of spec §11.0: they leave out what would break one, though they still pass arguments that are refused.
 */
public final class Run {
  private static final int XEN_BITS = 0x18;

  private final Bench bench;
  private final boolean good;
  private final Memories memories;

  private Run(Bench bench, boolean good, Memories memories) {
    this.bench = bench;
    this.good = good;
    this.memories = memories;
  }

  public static Run wild() {
    return new Run(start(SecurityPolicy.DUMMY), false, new Memories());
  }

  public static Run good() {
    return new Run(start(SecurityPolicy.DUMMY), true, new Memories());
  }

  /** Wild guests under the silo policy. */
  public static Run silo() {
    return new Run(start(SecurityPolicy.SILO), false, new Memories());
  }

  /** Small tables and a small host, so that limits are met, and some entries granted. */
  private static Bench start(SecurityPolicy policy) {
    Bench bench =
        Bench.setup()
            .policy(policy)
            .third()
            .vcpus(Bench.B, 2)
            .limits(Bench.A, 2, 1)
            .limits(Bench.B, 2, 1)
            .limits(Bench.C, 1, 1)
            .hostFrames(3 * Bench.PAGES + 32)
            .start();
    bench.b().memory().addGrantFrame(0, Bench.TABLE);
    bench.c().memory().addGrantFrame(0, Bench.TABLE);
    bench.a().grant(9, Bench.B, Bench.GRANTED + 1);
    bench.a().grant(10, Bench.C, Bench.GRANTED + 2);
    bench.b().grant(8, Bench.A, Bench.GRANTED);
    bench.c().grant(8, Bench.B, Bench.GRANTED);
    bench.c().grant(9, Bench.A, Bench.GRANTED);
    return bench;
  }

  /** This run going on with an independent copy of the machine. */
  public Run copy() {
    return new Run(bench.copy(), good, memories.copy());
  }

  /** As {@link #copy()}; the copy shares nothing, not even scratch space and idle operations. */
  public Run copyOnOtherHost() {
    return new Run(bench.copyOnOtherHost(), good, memories.copy());
  }

  public Bench bench() {
    return bench;
  }

  /** Plays a move, calls back to back. */
  public void play(Move move) {
    play(move, guest -> bench.machine().finishCall(guest.vcpu()));
  }

  /** Plays a move; {@code finisher} takes the steps of a call that has been issued. */
  public void play(Move move, Consumer<Guest> finisher) {
    switch (move) {
      case Move.Call call -> call(call, finisher);
      case Move.Write write -> write(write);
      case Move.Withdraw withdraw -> withdraw(withdraw);
      case Move.AddFrame add -> addFrame(add);
      case Move.Remove remove -> remove(remove);
      case Move.Decrease decrease -> decrease(decrease);
      case Move.Populate populate -> populate(populate);
      case Move.Touch touch -> touch(touch);
      case Move.Destroy _ -> destroy();
    }
  }

  private void call(Move.Call call, Consumer<Guest> finisher) {
    Pending pending = issue(call);
    if (pending != null) {
      finisher.accept(pending.guest());
      end(pending);
      memories.settle();
    }
  }

  /** A call on its way. */
  public record Pending(Guest guest, Struct[] structs, Move.Call call, int decisions) {}

  /** Loads the registers for a call, without a step; null when the guest is gone. */
  public @Nullable Pending issue(Move.Call call) {
    Guest guest = guest(call.who(), call.cpu());
    if (guest == null) {
      return null;
    }
    Structs writer = new Structs(bench, guest, good, memories);
    Struct[] structs = writer.of(call.batch());
    guest.vcpu().preemptAfter(call.preempt());
    int decisions = bench.decisions().count();
    if (call.batch() instanceof Move.Nonsense nonsense) {
      guest.vcpu().issue(GnttabOp.HYPERCALL, nonsense.command(), Bench.PLACE + 0x100000, nonsense.count());
    } else {
      guest.issue(structs);
    }
    return new Pending(guest, structs, call, decisions);
  }

  /** Reads what a finished call gave back, and lets the guest remember its mappings. */
  public Reply end(Pending pending) {
    Guest guest = pending.guest();
    guest.vcpu().preemptAfter(Vcpu.NEVER);
    Reply reply = guest.replySince(pending.decisions(), pending.structs());
    for (int i = 0; i < pending.structs().length && reply.rc() == 0; i++) {
      remember(guest, reply.get(i), pending.call().batch());
    }
    return reply;
  }

  private void remember(Guest guest, Answer answer, Move.Batch batch) {
    Struct struct = answer.sent();
    if (batch instanceof Move.Maps && answer.status() == 0) {
      memories.add(guest.id(), answer.handle(), struct.longAt(0));
    } else if (batch instanceof Move.Unmaps && answer.status() == 0 && struct.longAt(0) != 0) {
      memories.forget(guest.id(), struct.intAt(16));
    }
  }

  /** None of the issued calls is on its way any more. */
  public void settle() {
    memories.settle();
  }

  /** The guest that a move names, if its domain is alive. */
  private @Nullable Guest guest(int domid, int cpu) {
    Domain domain = bench.machine().world().domain(domid);
    return domain == null || domain.life() != Life.ALIVE ? null : bench.guest(domid, cpu % domain.vcpuCount());
  }

  private boolean canWrite(Guest guest, long address) {
    return guest.vcpu().access(address, true) == Access.DONE;
  }

  private void write(Move.Write write) {
    Guest guest = guest(write.who(), 0);
    int ref = write.ref() & 0x3ff;
    if (guest == null || !canWrite(guest, Guest.entryAddress(ref))) {
      return;
    }
    if (!good) {
      guest.entry(ref, write.flags(), write.to(), Places.gfn(write.page()));
    } else if ((guest.flags(ref) & XEN_BITS) == 0) {
      guest.setFlags(ref, 0);
      guest.entry(ref, write.flags() & ~XEN_BITS, write.to(), Places.granted(write.page()));
    }
  }

  private void withdraw(Move.Withdraw withdraw) {
    Guest guest = guest(withdraw.who(), 0);
    int ref = withdraw.ref() & 0x3ff;
    if (guest != null && canWrite(guest, Guest.entryAddress(ref)) && (guest.flags(ref) & XEN_BITS) == 0) {
      guest.setFlags(ref, 0);
    }
  }

  private void addFrame(Move.AddFrame add) {
    Guest guest = guest(add.who(), 0);
    if (guest != null) {
      long gfn = good ? Bench.TABLE + add.index() : Places.gfn(add.place());
      guest.memory().addGrantFrame(add.index(), gfn);
    }
  }

  private void remove(Move.Remove remove) {
    Guest guest = guest(remove.who(), 0);
    if (guest != null && !good) {
      guest.memory().removeFromPhysmap(Places.gfn(remove.place()));
    }
  }

  private void decrease(Move.Decrease decrease) {
    Guest guest = guest(decrease.who(), 0);
    if (guest != null && (!good || Places.isPage(decrease.page()) && !isGranted(guest, Places.gfn(decrease.page())))) {
      guest.memory().decrease(Places.gfn(decrease.page()));
    }
  }

  /** Does an entry of this guest name that frame? It then keeps its page (D6). */
  private boolean isGranted(Guest guest, long gfn) {
    for (int ref = 0; ref < bench.table(guest.id()).entryCount(); ref++) {
      if (bench.entryFlags(guest.id(), ref) != 0 && bench.entryFrame(guest.id(), ref) == gfn) {
        return true;
      }
    }
    return false;
  }

  private void populate(Move.Populate populate) {
    Guest guest = guest(populate.who(), 0);
    long gfn = Places.gfn(populate.place());
    if (guest != null && (!good || Places.isPage(populate.place()) && bench.mfn(guest.id(), gfn) < 0)) {
      guest.memory().populate(0, gfn);
    }
  }

  private void touch(Move.Touch touch) {
    Guest guest = guest(touch.who(), 0);
    boolean spared = good && !Places.isPage(touch.place()) && !Places.isHole(touch.place());
    long address = (Places.gfn(touch.place()) << 12) + 8L * touch.value();
    if (guest != null && !spared && canWrite(guest, address)) {
      guest.store(address, 8, touch.value());
    }
  }

  private void destroy() {
    Domain domain = bench.machine().world().domain(Bench.C);
    if (domain != null && domain.life() == Life.ALIVE) {
      bench.machine().destroyDomain(Bench.C);
    }
  }
}
