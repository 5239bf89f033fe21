package org.xenarium.scenarios.property;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Vcpu;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.gnttab.abi.GrantFlags;
import org.xenarium.gnttab.driver.DriverConfig;
import org.xenarium.gnttab.driver.GrantDriver;
import org.xenarium.gnttab.table.GrantTable;

/**
 * What the entries say that a driver's calls write, whenever they are valid: whom they name and which frame. A valid entry can be used at once, so
 * it has to say the right thing from its first moment on.
 */
final class EntryNames implements DriverWatcher {
  /** Flags that say that it is a grant of a page, or none. */
  private static final int TYPE = 3;

  /**
   * What a valid entry says.
   *
   * @param domid of who may use it
   * @param frame low 32 bits of the guest frame
   */
  record Name(int domid, long frame, boolean readonly) {
    Name {
      domid &= 0xffff;
      frame &= 0xffff_ffffL;
    }

    /** What the 8 bytes of an entry of version 1 say; null if it is not valid. */
    static @Nullable Name of(long entry) {
      boolean valid = (entry & TYPE) == GrantFlags.PERMIT_ACCESS;
      return valid ? new Name((int) (entry >>> Short.SIZE), entry >>> Integer.SIZE, (entry & GrantFlags.READONLY) != 0) : null;
    }

    @Override
    public String toString() {
      return "domain " + domid + ", frame 0x" + Long.toHexString(frame) + (readonly ? ", for reading" : "");
    }
  }

  private record Written(Vcpu vcpu, int ref, Name name) {}

  private final List<Written> written = new ArrayList<>();

  /** A call of that vCPU begins: what its calls wrote before is of no interest any more. */
  void begins(Vcpu vcpu) {
    written.removeIf(one -> one.vcpu() == vcpu);
  }

  /** What the vCPU's call made the entry say while it was valid, in that order. */
  List<Name> names(Vcpu vcpu, int ref) {
    return written.stream().filter(one -> one.vcpu() == vcpu && one.ref() == ref).map(Written::name).toList();
  }

  @Override
  public void stores(Vcpu vcpu, long address, int size, long value) {
    DriverConfig config = GrantDriver.of(vcpu.domain()).config();
    long at = address - config.table();
    int within = (int) (at % GuestApi.ENTRY_SIZE);
    boolean hits = at >= 0 && at / GuestApi.ENTRY_SIZE < GrantTable.of(vcpu.domain()).entryCount() && within + size <= GuestApi.ENTRY_SIZE;
    if (hits && GrantTable.of(vcpu.domain()).version() == 1) {
      long mask = (size == Long.BYTES ? -1 : (1L << Byte.SIZE * size) - 1) << Byte.SIZE * within;
      long entry = load(vcpu, address - within, Long.BYTES) & ~mask | value << Byte.SIZE * within & mask;
      Name name = Name.of(entry);
      if (name != null) {
        written.add(new Written(vcpu, (int) (at / GuestApi.ENTRY_SIZE), name));
      }
    }
  }

  @Override
  public void swaps(Vcpu vcpu, long address, int size, long expected, long replacement) {
    long mask = size == Long.BYTES ? -1 : (1L << Byte.SIZE * size) - 1;
    if (((load(vcpu, address, size) ^ expected) & mask) == 0) {
      stores(vcpu, address, size, replacement);
    }
  }

  /** What lies there, without an access of the guest; 0 where nothing does. */
  private static long load(Vcpu vcpu, long address, int size) {
    byte[] bytes = new byte[Long.BYTES];
    boolean there = GuestBuffers.read(vcpu.domain(), address, bytes, 0, size);
    return there ? ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong() : 0;
  }
}
