package org.xenarium.scenarios.property;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.driver.DriverFault;
import org.xenarium.gnttab.driver.GrantDriver;
import org.xenarium.gnttab.driver.Region;

/** One execution of a driver's call: answers what was answered before, then makes one step, and suspends the code at the next. */
final class Execution implements GuestApi {
  // What a driver can ask for, as it goes into the question.
  private static final int LOAD = 1;
  private static final int STORE = 2;
  private static final int SWAP = 3;
  private static final int CALL = 4;
  private static final int SLEEP = 5;
  private static final int ALLOCATE = 6;
  private static final int FREE = 7;

  /** Of a hypercall: x0 to x4. */
  private static final int ARGUMENTS = 5;

  /** What is done when something new is asked for. */
  private enum How {
    /** It goes along with the step before. */
    ASIDE,
    /** It is a step. */
    STEP,
    /** It is a step, and the code goes on with the next one. */
    LAST
  }

  private final OwnCall call;
  private final Vcpu vcpu;
  private final OwnDriver own;
  private final GrantDriver kernel;
  private int next;
  private boolean stepped;

  /** Whether the code is being left: what it still asks for on its way out, in a finally block, it asks for when it gets there. */
  private boolean suspended;

  /** What is wrong with the driver: told when its code has been left, so that no handler of exceptions in it can hide that. */
  private @Nullable DriverBrokenException broken;

  Execution(OwnCall call, Vcpu vcpu) {
    this.call = call;
    this.vcpu = vcpu;
    own = OwnDriver.of(vcpu);
    kernel = GrantDriver.of(vcpu.domain());
  }

  @Override
  public long load(long address, int size) {
    checkSize(size, 1);
    return ask(isArgument(address, size) ? How.ASIDE : How.STEP, question(LOAD, address, size), () -> vcpu.load(address, size));
  }

  @Override
  public void store(long address, int size, long value) {
    checkSize(size, 1);
    boolean local = isArgument(address, size);
    ask(local ? How.ASIDE : How.STEP, question(STORE, address, size, value), () -> {
      if (!local) {
        own.watcher().stores(vcpu, address, size, value);
      }
      vcpu.store(address, size, value);
      return 0;
    });
  }

  @Override
  public long compareAndSwap(long address, int size, long expected, long replacement) {
    checkSize(size, 2);
    return ask(How.STEP, question(SWAP, address, size, expected, replacement), () -> {
      own.watcher().swaps(vcpu, address, size, expected, replacement);
      return vcpu.compareAndSwap(address, size, expected, replacement);
    });
  }

  @Override
  public long hypercall(int number, long... arguments) {
    if (arguments.length > ARGUMENTS) {
      throw broken(": a hypercall has at most " + ARGUMENTS + " arguments, not " + arguments.length);
    }
    long[] x = Arrays.copyOf(arguments, ARGUMENTS);
    return ask(How.LAST, question(CALL, number, x[0], x[1], x[2], x[3], x[4]), () -> {
      own.watcher().calls(vcpu, number, x);
      vcpu.issue(number, x[0], x[1], x[2], x[3], x[4]);
      call.isCalling();
      return 0;
    });
  }

  @Override
  public void sleep(long nanos) {
    ask(How.LAST, question(SLEEP, nanos), () -> {
      vcpu.sleep(nanos);
      return 0;
    });
  }

  @Override
  public RuntimeException panic(String text) {
    if (!suspended) {
      own.watcher().panics(vcpu, call.operation(), text);
      vcpu.halt();
    }
    throw suspension();
  }

  @Override
  public long allocate(long bytes) {
    return ask(How.ASIDE, question(ALLOCATE, bytes), () -> {
      boolean fails = vcpu.world().strikes(DriverFault.ALLOCATION, vcpu.domain().id(), bytes);
      return fails ? 0 : kernel.heap().allocate(bytes);
    });
  }

  @Override
  public void free(long block) {
    long freed = ask(How.ASIDE, question(FREE, block), () -> kernel.heap().free(block) ? 1 : 0);
    if (freed == 0) {
      throw panic("k_free of 0x" + Long.toHexString(block) + ", where no block begins");
    }
  }

  @Override
  public long arguments() {
    return kernel.config().stack() + (long) vcpu.id() * MachineMemory.PAGE_SIZE;
  }

  @Override
  public int domid() {
    return vcpu.domain().id();
  }

  @Override
  public long table() {
    return kernel.config().table();
  }

  @Override
  public int frames() {
    return kernel.config().frames();
  }

  @Override
  public ImmutableList<Region> regions() {
    return kernel.config().regions();
  }

  private void checkSize(int size, int least) {
    if (size < least || size > Long.BYTES || Integer.bitCount(size) != 1) {
      throw broken(": an access has " + (least == 1 ? "1, " : "") + "2, 4 or 8 bytes, not " + size);
    }
  }

  private boolean isArgument(long address, int size) {
    return address >= arguments() && address + size <= arguments() + MachineMemory.PAGE_SIZE;
  }

  private static long question(int kind, long... numbers) {
    Digest digest = new Digest().add(kind);
    for (long number : numbers) {
      digest.add(number);
    }
    return digest.value();
  }

  /** The answer of before, or a new one. */
  private long ask(How how, long question, LongSupplier act) {
    if (suspended) {
      throw suspension();
    }
    if (next < call.count()) {
      if (!call.isAskedAgain(next, question)) {
        throw broken(" does something else when it is executed again. Does copy() leave something shared, or is there something outside of the "
            + "driver's fields that decides?");
      }
      return call.answer(next++);
    }
    if (next == OwnCall.MOST_ACCESSES) {
      throw broken(" has not come to its end after " + OwnCall.MOST_ACCESSES + " accesses");
    }
    if (how != How.ASIDE && stepped) {
      throw suspension();
    }
    long answer = act.getAsLong();
    if (vcpu.takeAbort()) {
      throw panic("a load or store met a hole");
    }
    if (vcpu.isStuck()) {
      throw suspension();
    }
    call.answered(question, answer);
    next++;
    stepped |= how == How.STEP;
    if (how == How.LAST) {
      throw suspension();
    }
    return answer;
  }

  /** The driver's call, whose name comes first, cannot go on; the first reason counts. */
  private Suspension broken(String what) {
    if (!suspended) {
      broken = new DriverBrokenException(call.operation().spelling() + what);
    }
    return suspension();
  }

  private Suspension suspension() {
    suspended = true;
    return new Suspension();
  }

  /** Whether the code was left, whatever it has made of that. */
  boolean isSuspended() {
    return suspended;
  }

  /** What is wrong with the driver, or null. */
  @Nullable DriverBrokenException broken() {
    return broken;
  }
}
