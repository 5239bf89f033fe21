package org.xenarium.scenarios.play;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Routine;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.state.Digest;
import org.xenarium.gnttab.driver.AllocAndGrant;
import org.xenarium.gnttab.driver.AllocateBlock;
import org.xenarium.gnttab.driver.EndAccess;
import org.xenarium.gnttab.driver.FreeBlock;
import org.xenarium.gnttab.driver.GetPages;
import org.xenarium.gnttab.driver.GrantAccess;
import org.xenarium.gnttab.driver.InitDriver;
import org.xenarium.gnttab.driver.PutPages;
import org.xenarium.gnttab.driver.QueryTableSize;
import org.xenarium.scenarios.script.Column;
import org.xenarium.scenarios.script.FieldType;
import org.xenarium.scenarios.script.Operation;

/** A call of the guest's grant driver whose arguments are plain numbers. What it gives back by pointers is in the actor's own page. */
final class DriverCalls extends Activity {
  private static final int SECOND = 8;
  private static final int THIRD = 16;

  private final long pointers;
  private Routine call;

  private DriverCalls(int index, Inputs inputs, long pointers, Routine call) {
    super(index, inputs);
    this.pointers = pointers;
    this.call = call;
  }

  /**
   * The call of a step.
   *
   * @param pointers guest address where results may lie
   * @param other the guest's driver if it is none of Xenarium's
   */
  static DriverCalls of(int index, Inputs inputs, long pointers, @Nullable OtherDriver other) {
    Routine call = other != null && OtherDriver.takes(inputs.operation()) ? call(other, inputs, pointers) : call(inputs, pointers);
    return new DriverCalls(index, inputs, pointers, call);
  }

  private static Routine call(OtherDriver driver, Inputs inputs, long pointers) {
    Operation operation = inputs.operation();
    return switch (operation) {
      case INIT -> driver.call(operation);
      case END_ACCESS, GET_PAGES -> driver.call(operation, inputs.get(0));
      case PUT_PAGES -> driver.call(operation, inputs.get(0), inputs.get(1));
      case GRANT_ACCESS -> driver.call(operation, inputs.get(0), inputs.get(1), inputs.get(2));
      case ALLOC_AND_GRANT -> driver.call(operation, pointers, inputs.get(0));
      case GNTTAB_QUERY_SIZE -> driver.call(operation, inputs.get(0), pointers, pointers + SECOND, pointers + THIRD);
      default -> throw new IllegalStateException(operation.spelling() + " is no call of the driver");
    };
  }

  private static Routine call(Inputs inputs, long pointers) {
    long first = inputs.operation().in().isEmpty() ? 0 : inputs.get(0);
    return switch (inputs.operation()) {
      case INIT -> new InitDriver();
      case GRANT_ACCESS -> new GrantAccess((int) first, inputs.get(1), inputs.get(2) != 0);
      case END_ACCESS -> new EndAccess((int) first);
      case ALLOC_AND_GRANT -> new AllocAndGrant(pointers, first != 0);
      case GET_PAGES -> new GetPages((int) first);
      case PUT_PAGES -> new PutPages(first, (int) inputs.get(1));
      case GNTTAB_QUERY_SIZE -> new QueryTableSize((int) first, pointers, pointers + SECOND, pointers + THIRD);
      case K_MALLOC -> new AllocateBlock(first);
      case K_FREE -> new FreeBlock(first);
      default -> throw new IllegalStateException(inputs.operation().spelling() + " is no call of the driver");
    };
  }

  @Override
  public boolean isWaiting(Vcpu vcpu) {
    return call.isWaiting(vcpu);
  }

  @Override
  public boolean step(Vcpu vcpu) {
    if (call.step(vcpu)) {
      return true;
    }
    long returned = vcpu.x(0);
    switch (operation()) {
      case ALLOC_AND_GRANT -> setOut(vcpu, 0, 0, returned < 0 ? 0 : vcpu.load(pointers, 8));
      case GNTTAB_QUERY_SIZE -> {
        setOut(vcpu, 0, 0, vcpu.load(pointers, 4));
        setOut(vcpu, 0, 1, vcpu.load(pointers + SECOND, 4));
        set(vcpu, Column.status(operation(), 0), (short) vcpu.load(pointers + THIRD, 2));
      }
      default -> {}
    }
    return returns(vcpu, value(returned));
  }

  /** What a register says: an address, a reference, which is unsigned, or an int of C. The upper half of the register means nothing to the last two. */
  private long value(long register) {
    if (operation().returns() == FieldType.ADDRESS) {
      return register;
    }
    return operation() == Operation.GRANT_ACCESS ? Integer.toUnsignedLong((int) register) : (int) register;
  }

  @Override
  public Routine copy() {
    DriverCalls copy = (DriverCalls) super.copy();
    copy.call = call.copy();
    return copy;
  }

  @Override
  public void digest(Digest digest) {
    super.digest(digest);
    digest.add(pointers);
    call.digest(digest);
  }
}
