package org.xenarium.scenarios.property;

import java.util.Arrays;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;
import org.xenarium.scenarios.script.Operation;

/**
 * A call of a guest's own driver. Java code cannot be stopped in the middle, copied and gone on with. So each step executes the call from its
 * beginning, on a fresh copy of the driver and with the answers that it got before, lets it make one access more, and stops it at the next.
 */
final class OwnCall extends Routine {
  /** What a call may ask for in all: each step asks again for what was asked before, and one that waits for somebody would ask for ever. */
  static final int MOST_ACCESSES = 2_000;

  private static final int NONE = -1;

  private final Operation operation;
  private final long[] arguments;

  /** What the code asked for so far: if it asks for anything else when it is executed again, it is not deterministic. */
  private long[] asked = new long[16];

  private long[] answers = new long[16];
  private int count;

  /** Which question is a hypercall whose answer will be in x0, or {@link #NONE}. */
  private int calling = NONE;

  OwnCall(Operation operation, long... arguments) {
    this.operation = operation;
    this.arguments = arguments.clone();
  }

  @Override
  public boolean isWaiting(Vcpu vcpu) {
    return OwnDriver.of(vcpu).isTaken(vcpu);
  }

  @Override
  public boolean step(Vcpu vcpu) {
    OwnDriver own = OwnDriver.of(vcpu);
    if (own.isTaken(vcpu)) {
      return true;
    }
    if (calling != NONE) {
      answers[calling] = vcpu.x(0);
      calling = NONE;
    }
    GuestDriver driver = own.begin(vcpu);
    Execution execution = new Execution(this, vcpu);
    long result = execute(driver, execution);
    DriverBrokenException broken = execution.broken();
    if (broken != null) {
      throw broken;
    }
    if (execution.isSuspended()) {
      return !vcpu.isHalted();
    }
    own.end(driver, this, result);
    vcpu.setX(0, result);
    return false;
  }

  /** The call's value; of no meaning when the code was left, which it may even have caught. */
  private long execute(GuestDriver driver, Execution execution) {
    try {
      return value(driver, execution);
    } catch (Suspension e) {
      return 0;
    } catch (RuntimeException e) {
      if (execution.isSuspended()) {
        return 0;
      }
      throw new DriverBrokenException(driver.getClass().getSimpleName() + ", " + operation.spelling() + ": " + e, e);
    }
  }

  private long value(GuestDriver driver, GuestApi guest) {
    return switch (operation) {
      case INIT -> {
        driver.init(guest);
        yield 0;
      }
      case GRANT_ACCESS -> driver.grantAccess(guest, (int) arguments[0], arguments[1], arguments[2] != 0);
      case END_ACCESS -> driver.endAccess(guest, (int) arguments[0]);
      case ALLOC_AND_GRANT -> driver.allocAndGrant(guest, arguments[0], arguments[1] != 0);
      case GET_PAGES -> driver.getPages(guest, (int) arguments[0]);
      case PUT_PAGES -> driver.putPages(guest, arguments[0], (int) arguments[1]);
      case MAP_REFS -> driver.mapRefs(guest, arguments[0], (int) arguments[1]);
      case UNMAP_REFS -> driver.unmapRefs(guest, arguments[0], (int) arguments[1]);
      case GNTTAB_QUERY_SIZE -> driver.querySize(guest, (int) arguments[0], arguments[1], arguments[2], arguments[3]);
      default -> throw new IllegalStateException(operation.spelling() + " is no call of a driver");
    };
  }

  Operation operation() {
    return operation;
  }

  /** How many questions were asked so far. */
  int count() {
    return count;
  }

  /** Whether that is the question that was asked in this place before. */
  boolean isAskedAgain(int index, long question) {
    return asked[index] == question;
  }

  long answer(int index) {
    return answers[index];
  }

  void answered(long question, long answer) {
    if (count == asked.length) {
      asked = Arrays.copyOf(asked, 2 * count);
      answers = Arrays.copyOf(answers, 2 * count);
    }
    asked[count] = question;
    answers[count++] = answer;
  }

  /** The next question is such a hypercall. */
  void isCalling() {
    calling = count;
  }

  @Override
  public Routine copy() {
    OwnCall copy = (OwnCall) super.copy();
    copy.asked = asked.clone();
    copy.answers = answers.clone();
    return copy;
  }

  @Override
  public void digest(Digest digest) {
    digest.add(operation).add(calling).add(count).add(arguments.length);
    for (long argument : arguments) {
      digest.add(argument);
    }
    for (int i = 0; i < count; i++) {
      digest.add(asked[i]).add(answers[i]);
    }
  }
}
