package org.xenarium.scenarios.property;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainPart;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;
import org.xenarium.scenarios.play.OtherDriver;
import org.xenarium.scenarios.script.Operation;

/** Keeps a {@link GuestDriver} for a domain, and who is making a call of it. */
final class OwnDriver implements OtherDriver {
  private static final int NOBODY = -1;

  private DriverWatcher watcher;

  /** As the last call left it. Calls in flight work on copies. */
  private GuestDriver driver;

  /** The vCPU that is in a call, or {@link #NOBODY}. */
  private int caller = NOBODY;

  private boolean ready;

  /** Of all calls so far with their answers: these have made the driver what it is, whose fields nobody knows here. */
  private long history;

  private OwnDriver(GuestDriver driver, DriverWatcher watcher) {
    this.driver = driver;
    this.watcher = watcher;
  }

  /** Gives a domain a driver. */
  static void install(Domain domain, Supplier<? extends GuestDriver> driver, DriverWatcher watcher) {
    domain.attach(new OwnDriver(made(driver), watcher));
  }

  /** A driver as its supplier makes it, which can be copied. */
  static GuestDriver made(Supplier<? extends GuestDriver> driver) {
    GuestDriver own = driver.get();
    if (own == null) {
      throw new DriverBrokenException("withDriver was given a supplier of null: each time that it is asked it has to make a driver");
    }
    copy(own);
    return own;
  }

  /** What is not of the same class has other calls, and it would be these that are made. */
  private static GuestDriver copy(GuestDriver driver) {
    GuestDriver copy = driver.copy();
    String name = name(driver);
    if (copy == null) {
      throw new DriverBrokenException(name + ".copy() gives null: it has to give a " + name + " in the same state");
    }
    if (copy.getClass() != driver.getClass()) {
      throw new DriverBrokenException(name + ".copy() gives a " + name(copy) + ", whose calls would be made instead of those of " + name
          + ": write a copy() in " + name + " that gives a " + name);
    }
    return copy;
  }

  private static String name(GuestDriver driver) {
    String name = driver.getClass().getName();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** Whether a domain has one. */
  static boolean isIn(@Nullable Domain domain) {
    return domain != null && domain.has(OwnDriver.class);
  }

  static OwnDriver of(Vcpu vcpu) {
    return vcpu.domain().part(OwnDriver.class);
  }

  DriverWatcher watcher() {
    return watcher;
  }

  /** Somebody more is told what the driver does from now on. */
  void watch(DriverWatcher more) {
    watcher = watcher.and(more);
  }

  @Override
  public Routine call(Operation operation, long... arguments) {
    return new OwnCall(operation, arguments);
  }

  @Override
  public boolean isReady() {
    return ready;
  }

  /** Whether that vCPU has to wait until another one is through. */
  boolean isTaken(Vcpu vcpu) {
    return caller != NOBODY && caller != vcpu.id();
  }

  /** The driver as it is when the vCPU's call begins. */
  GuestDriver begin(Vcpu vcpu) {
    caller = vcpu.id();
    return copy(driver);
  }

  /** The call of that vCPU is through and has left the driver like this. */
  void end(GuestDriver changed, OwnCall call, long result) {
    driver = changed;
    ready |= call.operation() == Operation.INIT;
    caller = NOBODY;
    Digest digest = new Digest().add(history).add(result);
    call.digest(digest);
    history = digest.value();
  }

  /** A copy is watched by nobody. */
  @Override
  public DomainPart copy(Domain copied) {
    OwnDriver copy = new OwnDriver(driver, DriverWatcher.NONE);
    copy.caller = caller;
    copy.ready = ready;
    copy.history = history;
    return copy;
  }

  @Override
  public void digest(Digest digest) {
    digest.add(caller).add(ready).add(history);
  }

  @Override
  public void freeze() {
    // What is kept here is replaced, never changed.
  }

  @Override
  public boolean release() {
    return false;
  }
}
