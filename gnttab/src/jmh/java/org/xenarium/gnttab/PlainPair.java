package org.xenarium.gnttab;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The unavoidable work of a map and an unmap on plain arrays: no physmap, no ownership, no references, no checks. */
@State(Scope.Thread)
public class PlainPair {
  private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, LITTLE_ENDIAN);
  private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, LITTLE_ENDIAN);
  private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, LITTLE_ENDIAN);
  private static final int UNMAP = 64;
  private static final int ENTRY = 128;

  private final byte[] memory = new byte[4096];
  private final int[] next = new int[256];
  private int head;
  private int tail = 255;

  public PlainPair() {
    for (int i = 0; i < next.length - 1; i++) {
      next[i] = i + 1;
    }
  }

  int run() {
    long address = (long) LONG.get(memory, 0);
    int flags = (int) INT.get(memory, 8);
    int ref = (int) INT.get(memory, 12);
    int dom = (short) SHORT.get(memory, 16);
    int oldHandle = (int) INT.get(memory, 20);
    long oldDevice = (long) LONG.get(memory, 24);
    int handle = head;
    head = next[handle];
    swap(0, 0x18);
    LONG.set(memory, 0, address);
    INT.set(memory, 8, flags);
    INT.set(memory, 12, ref);
    SHORT.set(memory, 16, (short) dom);
    SHORT.set(memory, 18, (short) 0);
    INT.set(memory, 20, handle);
    LONG.set(memory, 24, oldDevice);

    long unmapAddress = (long) LONG.get(memory, UNMAP);
    long device = (long) LONG.get(memory, UNMAP + 8);
    int unmapHandle = (int) INT.get(memory, UNMAP + 16);
    swap(0x18, 0);
    next[tail] = handle;
    tail = handle;
    SHORT.set(memory, UNMAP + 20, (short) 0);
    return oldHandle + unmapHandle + (int) (unmapAddress + device);
  }

  private void swap(int expected, int replacement) {
    if ((int) INT.get(memory, ENTRY) == expected) {
      INT.set(memory, ENTRY, replacement);
    }
  }
}
