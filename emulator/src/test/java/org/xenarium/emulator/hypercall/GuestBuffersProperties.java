package org.xenarium.emulator.hypercall;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.xenarium.emulator.Calls;
import org.xenarium.emulator.physmap.EntryType;

/** Buffers over any sequence of pages, beside the rule of spec §2.3 applied byte by byte. */
class GuestBuffersProperties {
  private static final int PAGES = 5;
  private static final int SIZE = PAGES * 4096;

  /** What a page of the buffer is, and whether arguments can be read from and written to it. */
  private enum Page {
    OWN(true, true),
    OWN_READ_ONLY(true, false),
    OWN_GRANTED(true, true),
    OWN_GRANTED_READ_ONLY(true, false),
    LENT(true, true),
    GRANT(false, false),
    FOREIGN(false, false),
    MMIO(false, false),
    HOLE(false, false);

    final boolean readable;
    final boolean writable;

    Page(boolean readable, boolean writable) {
      this.readable = readable;
      this.writable = writable;
    }
  }

  /** The guest's pages lie at HOLE in a row; each has a frame of its own. */
  private static final class Layout extends Calls {
    private final List<Page> pages;

    Layout(List<Page> pages) {
      this.pages = pages;
      for (int i = 0; i < PAGES; i++) {
        long own = mfn(guest, RAM + i);
        long others = mfn(other, RAM + i);
        switch (pages.get(i)) {
          case OWN -> guest.physmap().set(HOLE + i, own, EntryType.RAM_RW);
          case OWN_READ_ONLY -> guest.physmap().set(HOLE + i, own, EntryType.RAM_RO);
          case OWN_GRANTED -> guest.physmap().set(HOLE + i, own, EntryType.GRANT_MAP_RW);
          case OWN_GRANTED_READ_ONLY -> guest.physmap().set(HOLE + i, own, EntryType.GRANT_MAP_RO);
          case LENT -> guest.physmap().set(HOLE + i, guest.allocateXenHeap(), EntryType.RAM_RW);
          case GRANT -> guest.physmap().set(HOLE + i, others, EntryType.GRANT_MAP_RW);
          case FOREIGN -> mapForeign(guest, HOLE + i, other, RAM + i, EntryType.MAP_FOREIGN_RW);
          case MMIO -> guest.physmap().set(HOLE + i, 0x22000, EntryType.MMIO_DIRECT);
          case HOLE -> {}
        }
      }
    }

    /** The bytes behind the pages, past all rights; zero where there are none. */
    byte[] content() {
      byte[] bytes = new byte[SIZE];
      for (int i = 0; i < PAGES; i++) {
        long mfn = mfn(guest, HOLE + i);
        if (memory().isValid(mfn)) {
          memory().content().read(memory().address(mfn), bytes, i * 4096, 4096);
        }
      }
      return bytes;
    }

    void fill() {
      for (int i = 0; i < PAGES; i++) {
        long mfn = mfn(guest, HOLE + i);
        if (memory().isValid(mfn)) {
          memory().content().write(memory().address(mfn), pattern(i), 0, 4096);
        }
      }
    }

    private static byte[] pattern(int page) {
      byte[] bytes = new byte[4096];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (i % 127 + page + 1);
      }
      return bytes;
    }

    boolean read(int start, byte[] to, int length) {
      return GuestBuffers.read(guest, address(HOLE) + start, to, 0, length);
    }

    boolean write(int start, byte[] from, int length) {
      return GuestBuffers.write(guest, address(HOLE) + start, from, 0, length);
    }

    /** How many bytes from {@code start} can be transferred. */
    int transferred(int start, int length, boolean write) {
      int done = 0;
      while (done < length) {
        Page page = pages.get((start + done) / 4096);
        if (!(write ? page.writable : page.readable)) {
          return done;
        }
        done++;
      }
      return done;
    }
  }

  @Provide
  Arbitrary<List<Page>> pages() {
    return Arbitraries.frequencyOf(
            Tuple.of(2, Arbitraries.of(Page.OWN, Page.LENT)), Tuple.of(1, Arbitraries.of(Page.class)))
        .list()
        .ofSize(PAGES);
  }

  @Property(tries = 150)
  void a_read_transfers_the_bytes_before_the_first_page_that_is_not_the_caller_s_to_read(
      @ForAll("pages") List<Page> pages, @ForAll @IntRange(max = SIZE - 1) int start, @ForAll @IntRange(max = SIZE) int size) {
    Layout layout = new Layout(pages);
    layout.fill();
    int length = Math.min(size, SIZE - start);
    int transferred = layout.transferred(start, length, false);
    byte[] expected = new byte[length];
    System.arraycopy(layout.content(), start, expected, 0, transferred);
    byte[] found = new byte[length];
    assertThat(layout.read(start, found, length)).isEqualTo(transferred == length);
    assertThat(found).isEqualTo(expected);
  }

  @Property(tries = 150)
  void a_write_transfers_the_bytes_before_the_first_page_that_is_not_the_caller_s_to_write(
      @ForAll("pages") List<Page> pages, @ForAll @IntRange(max = SIZE - 1) int start, @ForAll @IntRange(max = SIZE) int size) {
    Layout layout = new Layout(pages);
    layout.fill();
    int length = Math.min(size, SIZE - start);
    int transferred = layout.transferred(start, length, true);
    byte[] expected = layout.content();
    Arrays.fill(expected, start, start + transferred, (byte) 0x5a);
    byte[] from = new byte[length];
    Arrays.fill(from, (byte) 0x5a);
    assertThat(layout.write(start, from, length)).isEqualTo(transferred == length);
    assertThat(layout.content()).isEqualTo(expected);
  }
}
