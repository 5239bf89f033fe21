package org.xenarium.gnttab.property;

import static org.assertj.core.api.Assertions.assertThat;
import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.GRANTED;
import static org.xenarium.gnttab.kit.Bench.HOLE;
import static org.xenarium.gnttab.kit.Bench.PLACE;
import static org.xenarium.gnttab.kit.Bench.RAM;
import static org.xenarium.gnttab.kit.End.grant;
import static org.xenarium.gnttab.kit.End.own;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.xenarium.gnttab.abi.CopyLayout;
import org.xenarium.gnttab.abi.SwapLayout;
import org.xenarium.gnttab.abi.UnmapLayout;
import org.xenarium.gnttab.kit.Bench;
import org.xenarium.gnttab.kit.Guest;
import org.xenarium.gnttab.kit.Reply;
import org.xenarium.gnttab.kit.Struct;

/**
 * Batches that run into a page which cannot be read or cannot be written, at any byte (spec §10.3, I59): the elements before it are final,
 * those behind it byte-identical, and the machine is as after the performed elements alone.
 */
class FaultProperties {
  /** Two pages of B in a row; the array lies across their border. */
  private static final long FIRST = RAM + 40;

  private static final long BORDER = (FIRST + 1) << 12;

  private static final int EFAULT = -14;

  /**
   * A kind of batch.
   *
   * @param writtenFrom offset of the first byte that the hypervisor writes back in an element
   * @param writtenTo the offset behind the last one; the same as {@code writtenFrom} where nothing is written
   */
  private record Kind(String name, int writtenFrom, int writtenTo, IntFunction<Struct> element) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final List<Kind> KINDS =
      List.of(
          new Kind("map", 0, 32, i -> Struct.map(A, i % 5 == 4 ? 512 : 8 + i % 3, i % 2 == 0 ? 2 : 6, PLACE + 0x1000L * (100 + i))),
          new Kind("unmap", UnmapLayout.STATUS, UnmapLayout.STATUS + 2, i -> Struct.unmap(PLACE + 0x1000L * i, i % 7 == 6 ? 0 : i)),
          new Kind("replace", UnmapLayout.STATUS, UnmapLayout.STATUS + 2, i -> Struct.replace(PLACE + 0x1000L * i, i % 3 == 2 ? 1 : 0, i)),
          new Kind(
              "copy",
              CopyLayout.STATUS,
              CopyLayout.STATUS + 2,
              i -> Struct.copy(grant(A, i % 5 == 4 ? 512 : 8 + i % 3), own(RAM + 50).at(16 * i), i % 4 == 3 ? 5000 : 16)),
          new Kind("swap", SwapLayout.STATUS, SwapLayout.STATUS + 2, i -> Struct.swap(20 + i % 3, i % 4 == 3 ? 600 : 30 + i)),
          new Kind("flush", 0, 0, i -> Struct.flush(0, 0, 0, 1)));

  @Provide
  Arbitrary<Kind> kinds() {
    return Arbitraries.of(KINDS);
  }

  @Provide
  Arbitrary<Integer> counts() {
    return Arbitraries.integers().between(1, 40);
  }

  /** Where in the array the border lies, in ten-thousandths of its length. */
  @Provide
  Arbitrary<Integer> cuts() {
    return Arbitraries.integers().between(0, 9_999);
  }

  private static Bench bench() {
    Bench bench = Bench.start();
    bench.b().memory().addGrantFrame(0, Bench.TABLE);
    for (int ref = 9; ref < 11; ref++) {
      bench.a().grant(ref, B, GRANTED + ref);
    }
    for (int i = 0; i < 40; i++) {
      assertThat(bench.b().map(A, 8, 6, (HOLE + i) << 12).status()).isZero();
      bench.b().entry(20 + i, 1, i, i);
    }
    return bench;
  }

  private static Struct[] array(Kind kind, int count) {
    Struct[] structs = new Struct[count];
    Arrays.setAll(structs, kind.element());
    return structs;
  }

  @Property(tries = 600)
  void an_element_that_cannot_be_read_ends_the_batch_before_it(
      @ForAll("kinds") Kind kind, @ForAll("counts") int count, @ForAll("cuts") int cut) {
    Struct[] structs = array(kind, count);
    int length = structs[0].size() * count;
    int readable = (int) ((long) cut * length / 10_000);
    Bench faulty = bench();
    faulty.b().write(BORDER - readable, structs);
    long hidden = faulty.hide(faulty.b(), FIRST + 1);
    Reply reply = faulty.b().callAt(BORDER - readable, structs);
    faulty.show(faulty.b(), FIRST + 1, hidden);
    int done = readable / structs[0].size();
    assertThat(reply.rc()).isEqualTo(EFAULT);
    expectAsIf(faulty, structs, BORDER - readable, done, done);
  }

  @Property(tries = 600)
  void an_element_that_cannot_be_written_back_ends_the_batch_behind_it(
      @ForAll("kinds") Kind kind, @ForAll("counts") int count, @ForAll("cuts") int cut) {
    Struct[] structs = array(kind, count);
    int size = structs[0].size();
    int writable = (int) ((long) cut * size * count / 10_000);
    Bench faulty = bench();
    faulty.b().write(BORDER - writable, structs);
    faulty.protect(faulty.b(), FIRST + 1);
    Reply reply = faulty.b().callAt(BORDER - writable, structs);
    faulty.show(faulty.b(), FIRST + 1, faulty.mfn(B, FIRST + 1));
    boolean writes = kind.writtenTo() > kind.writtenFrom();
    int performed = 0;
    while (performed < count && performed * size + kind.writtenTo() <= writable) {
      performed++;
    }
    boolean faults = writes && performed < count;
    assertThat(reply.rc()).isEqualTo(faults ? EFAULT : 0);
    expectAsIf(faulty, structs, BORDER - writable, faults ? performed : count, faults ? performed + 1 : count);
  }

  /** The machine is as if only {@code performed} elements had been asked for, the first {@code written} of them written back whole. */
  private static void expectAsIf(Bench faulty, Struct[] structs, long address, int written, int performed) {
    Bench sound = bench();
    Guest b = sound.b();
    b.write(address, structs);
    if (performed > 0) {
      assertThat(b.callAt(address, Arrays.copyOf(structs, performed)).rc()).isZero();
    }
    int size = structs[0].size();
    for (int i = 0; i < structs.length; i++) {
      byte[] now = faulty.peek(faulty.b().domain(), address + (long) i * size, size);
      byte[] then = sound.peek(b.domain(), address + (long) i * size, size);
      if (i < written) {
        assertThat(now).as("element %d is final", i).isEqualTo(then);
      } else if (i >= performed) {
        assertThat(now).as("element %d is untouched", i).isEqualTo(structs[i].bytes());
      } else {
        int cut = Math.max(0, (int) (BORDER - address) - i * size);
        assertThat(Arrays.copyOf(now, cut)).as("element %d up to the border", i).isEqualTo(Arrays.copyOf(then, cut));
        byte[] sent = structs[i].bytes();
        assertThat(Arrays.copyOfRange(now, cut, size)).as("element %d behind the border", i).isEqualTo(Arrays.copyOfRange(sent, cut, size));
        sound.poke(b.domain(), address + (long) i * size, now);
      }
    }
    b.vcpu().setX(0, faulty.b().vcpu().x(0));
    assertThat(faulty.machine().digest()).as("everything else").isEqualTo(sound.machine().digest());
  }
}
