package org.xenarium.scenarios.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenarium.emulator.hypercall.NotEmulatedException;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.hypercall.GuestBuffers;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.scenarios.recording.CoreReader;
import org.xenarium.scenarios.recording.RecordingReader;

/** Where a domain of a xen-core recording keeps its arguments: at guest frames that no line names, with the faults that a line asks for. */
class CoreWindowTest {
  private static final int PAGE = 4096;

  private final TreeSet<Long> named = new TreeSet<>();
  private Domain domain;
  private CoreWindow window;

  @BeforeEach
  void theMachineOfARecording() throws Exception {
    try (CoreReader reader = (CoreReader) RecordingReader.open(Library.CORE.resolve("d00_directed_v1.jsonl"))) {
      Machine machine = CoreSetup.machine("f", reader.header(), UnaryOperator.identity());
      domain = machine.domain(1);
    }
    window = new CoreWindow(domain, named, 0);
  }

  private static byte[] array(int length) {
    byte[] array = new byte[length];
    for (int i = 0; i < length; i++) {
      array[i] = (byte) (i * 31 + 7);
    }
    return array;
  }

  private static byte[] overwritten(int length, int zeros) {
    byte[] array = array(length);
    Arrays.fill(array, 0, zeros, (byte) 0);
    return array;
  }

  private boolean canRead(long address, int length) {
    return GuestBuffers.read(domain, address, new byte[length], 0, length);
  }

  private boolean canWrite(long address, int length) {
    return GuestBuffers.write(domain, address, new byte[length], 0, length);
  }

  private List<Long> physmap() {
    List<Long> gfns = new ArrayList<>();
    for (long gfn = domain.physmap().next(0); gfn >= 0; gfn = domain.physmap().next(gfn + 1)) {
      gfns.add(gfn);
    }
    return gfns;
  }

  @Test
  void theGuestFindsTheArrayInItsMemory() {
    byte[] array = array(3 * PAGE + 100);
    long address = window.lay(array, array.length, EntryType.RAM_RW);
    byte[] found = new byte[array.length];
    assertThat(GuestBuffers.read(domain, address, found, 0, found.length)).isTrue();
    assertThat(found).isEqualTo(array);
    assertThat(canWrite(address, array.length)).isTrue();
  }

  @Test
  void whatTheHypervisorWroteIsReadBack() {
    byte[] array = array(100);
    long address = window.lay(array, array.length, EntryType.RAM_RW);
    GuestBuffers.write(domain, address + 10, new byte[] {1, 2}, 0, 2);
    window.read(array, address);
    byte[] expected = array(100);
    expected[10] = 1;
    expected[11] = 2;
    assertThat(array).isEqualTo(expected);
  }

  @Test
  void theElementThatCannotBeReadBeginsAHole() {
    byte[] array = array(96);
    long address = window.lay(array, 32, EntryType.HOLE);
    assertThat((address + 32) % PAGE).isZero();
    assertThat(canRead(address, 32)).isTrue();
    assertThat(canWrite(address, 32)).isTrue();
    assertThat(canRead(address + 32, 1)).isFalse();
    assertThat(canRead(address + 95, 1)).isFalse();
    byte[] found = array(96);
    window.read(found, address);
    assertThat(found).as("zeros before the hole, in the hole what was there").isEqualTo(overwritten(96, 32));
  }

  @Test
  void theElementThatCannotBeWrittenBeginsReadOnlyMemory() {
    byte[] array = array(PAGE + 64);
    long address = window.lay(array, 24, EntryType.RAM_RO);
    assertThat((address + 24) % PAGE).isZero();
    assertThat(canWrite(address, 24)).isTrue();
    assertThat(canRead(address, array.length)).isTrue();
    assertThat(canWrite(address + 24, 1)).isFalse();
    assertThat(canWrite(address + array.length - 1, 1)).isFalse();
  }

  @Test
  void evenTheFirstElementMayFault() {
    assertThat(canRead(window.lay(array(40), 0, EntryType.HOLE), 1)).isFalse();
    long address = window.lay(array(40), 0, EntryType.RAM_RO);
    assertThat(canRead(address, 40)).isTrue();
    assertThat(canWrite(address, 1)).isFalse();
  }

  @Test
  void nothingStaysInThePhysmapAfterTheCall() {
    List<Long> before = physmap();
    window.lay(array(5 * PAGE), 2 * PAGE, EntryType.RAM_RO);
    assertThat(physmap()).hasSize(before.size() + 5).allMatch(gfn -> before.contains(gfn) || window.contains(gfn));
    window.clear();
    assertThat(physmap()).isEqualTo(before);
  }

  @Test
  void theNextArrayTakesThePlaceOfTheLast() {
    window.lay(array(5 * PAGE), 5 * PAGE, EntryType.RAM_RW);
    long pages = domain.totPages();
    List<Long> before = physmap();
    window.lay(array(1), 1, EntryType.RAM_RW);
    assertThat(physmap()).hasSize(before.size() - 4);
    assertThat(domain.totPages()).isEqualTo(pages);
  }

  @Test
  void theWindowLeavesGuestFramesThatLinesName() {
    long last = domain.physmap().reach() - 1;
    assertThat(window.contains(last)).isTrue();
    window.lay(array(PAGE), PAGE, EntryType.RAM_RW);
    List<Long> before = physmap();
    named.add(last);
    window.avoidNamed();
    assertThat(window.contains(last)).isFalse();
    assertThat(physmap()).as("the old place is empty").hasSize(before.size() - 1);
    long gfn = window.lay(array(PAGE), PAGE, EntryType.RAM_RW) / PAGE;
    assertThat(window.contains(gfn)).isTrue();
    assertThat(gfn).isGreaterThanOrEqualTo(CoreWindow.lowest(domain.physmap().reach()));
  }

  @Test
  void itGoesOnAsLongAsItMeetsNamedFrames() {
    long reach = domain.physmap().reach();
    for (long gfn = reach - 1; gfn > reach - 3000; gfn -= 50) {
      named.add(gfn);
    }
    window.avoidNamed();
    assertThat(named).noneMatch(window::contains);
    assertThat(canRead(window.lay(array(64), 64, EntryType.RAM_RW), 64)).isTrue();
  }

  @Test
  void theTwoWindowsOfAVcpuNeverOverlap() {
    CoreWindow other = new CoreWindow(domain, named, 1);
    for (int move = 0; move < 40; move++) {
      long mine = window.lay(array(64 * PAGE), 64 * PAGE, EntryType.RAM_RW) / PAGE;
      long its = other.lay(array(64 * PAGE), 64 * PAGE, EntryType.RAM_RW) / PAGE;
      assertThat(Math.abs(mine - its)).isGreaterThanOrEqualTo(64);
      named.add(move % 3 == 0 ? its : mine);
      window.avoidNamed();
      other.avoidNamed();
    }
  }

  @Test
  void anArrayThatDoesNotFitIsAnError() {
    assertThatThrownBy(() -> window.lay(array(64 * PAGE + 1), 0, EntryType.RAM_RW)).isInstanceOf(NotEmulatedException.class);
  }
}
