package org.xenarium.gnttab;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.DomId;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.gnttab.abi.CopyFlags;
import org.xenarium.gnttab.abi.CopyLayout;
import org.xenarium.gnttab.abi.GnttabOp;
import org.xenarium.gnttab.abi.MapFlags;
import org.xenarium.gnttab.abi.MapLayout;
import org.xenarium.gnttab.abi.UnmapLayout;
import org.xenarium.gnttab.driver.DriverConfig;
import org.xenarium.gnttab.driver.EndAccess;
import org.xenarium.gnttab.driver.GrantAccess;
import org.xenarium.gnttab.driver.GrantDriver;
import org.xenarium.gnttab.driver.GuestInvariants;
import org.xenarium.gnttab.driver.GuestWatch;
import org.xenarium.gnttab.driver.InitDriver;
import org.xenarium.gnttab.driver.Region;
import org.xenarium.gnttab.invariant.Invariants;
import org.xenarium.gnttab.invariant.Watch;
import org.xenarium.gnttab.model.ModelWatch;
import org.xenarium.gnttab.model.ReferenceModel;

/** Two domains of 16 MiB; the first grants 64 pages to the second, which maps and copies. */
@State(Scope.Thread)
public class Guests {
  private static final long RAM = 0x40000000L;
  private static final long PAGES = 4096;
  private static final long REGION = 0x50000000L;
  private static final long MAPS = RAM + 0x10000;
  private static final long UNMAPS = RAM + 0x11000;
  private static final long COPY = RAM + 0x12000;
  private static final int FIRST_REF = 8;
  private static final int GRANTS = 64;

  private final Machine machine;
  private final Vcpu granter;
  private final Vcpu mapper;

  public Guests() {
    machine = Machine.builder().semantics(Semantics.baseline(SecurityPolicy.DUMMY)).module(new Gnttab()).build();
    granter = guest(1);
    mapper = guest(2);
    for (int i = 0; i < GRANTS; i++) {
      run(granter, new GrantAccess(2, (RAM >>> 12) + 64 + i, false));
    }
    for (int i = 0; i < 32; i++) {
      fill(i, FIRST_REF + i);
    }
    store(COPY + CopyLayout.SOURCE, 8, FIRST_REF);
    store(COPY + CopyLayout.SOURCE_DOMID, 2, 1);
    store(COPY + CopyLayout.DEST, 8, (RAM >>> 12) + 32);
    store(COPY + CopyLayout.DEST_DOMID, 2, DomId.SELF);
    store(COPY + CopyLayout.FLAGS, 2, CopyFlags.SOURCE_GREF);
  }

  private Vcpu guest(int id) {
    Domain domain = machine.createDomain(DomainConfig.guest(id, PAGES));
    domain.ownRam(RAM >>> 12, 0x41000 + PAGES * id, PAGES);
    GrantDriver.install(domain, DriverConfig.of(0x38000000L, RAM + 0x1000, new Region(REGION, 0x4000000L)));
    run(domain.vcpu(0), new InitDriver());
    return domain.vcpu(0);
  }

  private long run(Vcpu vcpu, Routine guest) {
    vcpu.setGuest(guest);
    while (machine.step(vcpu)) {}
    return vcpu.x(0);
  }

  private void fill(int element, int ref) {
    long map = MAPS + (long) element * MapLayout.SIZE;
    store(map + MapLayout.HOST_ADDR, 8, REGION + 4096L * element);
    store(map + MapLayout.FLAGS, 4, MapFlags.HOST_MAP);
    store(map + MapLayout.REF, 4, ref);
    store(map + MapLayout.DOM, 2, 1);
    store(UNMAPS + (long) element * UnmapLayout.SIZE + UnmapLayout.HOST_ADDR, 8, REGION + 4096L * element);
  }

  private void store(long address, int size, long value) {
    mapper.store(address, size, value);
  }

  /** Maps and unmaps {@code count} grants, one hypercall each way. The handles go from one array to the other through guest memory. */
  long mapUnmap(int count) {
    long failed = machine.call(mapper, GnttabOp.HYPERCALL, GnttabOp.MAP_GRANT_REF, MAPS, count);
    for (int i = 0; i < count; i++) {
      long handle = mapper.load(MAPS + (long) i * MapLayout.SIZE + MapLayout.HANDLE, 4);
      store(UNMAPS + (long) i * UnmapLayout.SIZE + UnmapLayout.HANDLE, 4, handle);
    }
    failed |= machine.call(mapper, GnttabOp.HYPERCALL, GnttabOp.UNMAP_GRANT_REF, UNMAPS, count);
    return checked(failed | mapper.load(UNMAPS + (long) (count - 1) * UnmapLayout.SIZE + UnmapLayout.STATUS, 2));
  }

  int grant() {
    return (int) run(granter, new GrantAccess(2, (RAM >>> 12) + 200, false));
  }

  long end(int ref) {
    return checked(run(granter, new EndAccess(ref)));
  }

  /** Maps and unmaps one reference. */
  long mapUnmapRef(int ref) {
    store(MAPS + MapLayout.REF, 4, ref);
    return mapUnmap(1);
  }

  long copy(int length) {
    store(COPY + CopyLayout.LEN, 2, length);
    long failed = machine.call(mapper, GnttabOp.HYPERCALL, GnttabOp.COPY, COPY, 1);
    return checked(failed | mapper.load(COPY + CopyLayout.STATUS, 2));
  }

  /** Has the reference model follow from now on. */
  final ModelWatch follow() {
    return ReferenceModel.follow(machine);
  }

  /** Has all invariants looked at from now on. */
  final Watch watch() {
    return Invariants.watch(machine);
  }

  /** Has all invariants of guests looked at from now on. */
  final GuestWatch watchGuests() {
    return GuestInvariants.watch(machine);
  }

  private static long checked(long failed) {
    if (failed != 0) {
      throw new IllegalStateException("the operation failed");
    }
    return failed;
  }
}
