package org.xenarium.gnttab.kit;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.hypercall.Bytes;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.gnttab.abi.MapLayout;
import org.xenarium.gnttab.rule.GrantRule;

/**
 * What the guest finds after a call in one struct, and which rule decided.
 *
 * @param rc x0 after the call
 * @param sent the struct as the guest wrote it
 * @param bytes the struct as the guest finds it now
 * @param rule what decided the element, or the whole call where there are no elements; null for elements that were not reached
 * @param ending what decided the return value; null where the batch just ended
 */
public record Answer(long rc, Struct sent, byte[] bytes, @Nullable Rule rule, @Nullable Rule ending) {
  /** The signed 16-bit status. */
  public int status() {
    return (short) Bytes.getShort(bytes, sent.statusAt());
  }

  public int handle() {
    return Bytes.getInt(bytes, MapLayout.HANDLE);
  }

  /** The machine address that a map gives back. */
  public long dev() {
    return Bytes.getLong(bytes, MapLayout.DEV_BUS_ADDR);
  }

  public int shortAt(int offset) {
    return Bytes.getShort(bytes, offset);
  }

  public int intAt(int offset) {
    return Bytes.getInt(bytes, offset);
  }

  /** The call returns 0, the element carries {@code status}, and {@code expected} is why. */
  public Answer says(int status, GrantRule expected) {
    assertThat(rule).as("rule that decided").isEqualTo(expected);
    assertThat(rc).as("x0").isZero();
    assertThat(status()).as("status of %s", expected.id()).isEqualTo(status);
    Expected.note(expected);
    return this;
  }

  /** The call returns {@code x0}, and {@code expected} is why. */
  public Answer returns(long x0, GrantRule expected) {
    assertThat(ending).as("rule that decided").isEqualTo(expected);
    assertThat(rc).as("x0 of %s", expected.id()).isEqualTo(x0);
    Expected.note(expected);
    return this;
  }

  /** Not one byte of the struct was written. */
  public Answer isUntouched() {
    assertThat(bytes).as("bytes of the struct").isEqualTo(sent.bytes());
    return this;
  }
}
