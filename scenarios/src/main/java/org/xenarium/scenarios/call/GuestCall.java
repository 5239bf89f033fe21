package org.xenarium.scenarios.call;

import java.util.OptionalLong;
import org.xenarium.scenarios.script.Operation;

/** A call of a guest, from its beginning to its end. It equals itself at its end, and no other call meanwhile. */
public interface GuestCall {
  /** Domid of the guest. */
  int domid();

  Operation operation();

  int elements();

  /** An input of an element, in the order of {@link Operation#in}. */
  long get(int element, int field);

  /** How many elements the hypercall is told of, if that is not {@link #elements}. */
  OptionalLong passed();

  /** Guest address at which the hypercall is told that the elements lie, if that is not where they are. */
  OptionalLong pointer();

  /** A result, once the call has ended, see {@link org.xenarium.scenarios.script.Column}. */
  long result(int column);
}
