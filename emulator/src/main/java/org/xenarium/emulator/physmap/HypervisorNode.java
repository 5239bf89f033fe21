package org.xenarium.emulator.physmap;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Range;
import java.util.stream.Collectors;
import org.xenarium.emulator.memory.MachineMemory;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.state.Digest;

/**
 * The node {@code /hypervisor} of a domain's device tree (spec §7.2): all that a guest is told about where to map things. The addresses are
 * unbacked: no entry of the physmap exists there when the domain starts.
 *
 * @param release whose name is in {@code compatible}
 * @param grantWindow addresses for the grant table, {@code reg} 0
 * @param regions {@code reg} 1 and on; may be none
 * @param interrupt the private peripheral interrupt for event channels, 16 to 31
 */
public record HypervisorNode(Release release, Range<Long> grantWindow, ExtendedRegions regions, int interrupt) {
  /** Most pages of Xen's text that are lent to the host-layout domain as its grant window. */
  private static final long MAX_TEXT_PAGES = 64;

  private static final int FIRST_PPI = 16;

  /** Third cell of {@code interrupts}: all CPUs, level, active low. */
  private static final int ALL_CPUS_LEVEL_LOW = 0xf08;

  /** The node of an ordinary domain. */
  public static HypervisorNode ordinary(Release release, ExtendedRegions regions) {
    return new HypervisorNode(release, GuestRegion.GRANT_TABLE.range(), regions, GuestRegion.EVENT_INTERRUPT);
  }

  /**
   * The node of the domain with the host's layout: the one place that is surely not RAM or a device of it is where Xen's text lies.
   *
   * @param text machine address of Xen's text
   * @param textPages its size in pages
   * @param interrupt a private peripheral interrupt that the host leaves free
   */
  public static HypervisorNode hostLayout(Release release, long text, long textPages, ExtendedRegions regions, int interrupt) {
    long size = Math.min(MAX_TEXT_PAGES, textPages) * MachineMemory.PAGE_SIZE;
    return new HypervisorNode(release, Range.closedOpen(text, text + size), regions, interrupt);
  }

  /** Property {@code compatible}. */
  public ImmutableList<String> compatible() {
    return ImmutableList.of("xen,xen-" + release.major() + "." + release.minor(), "xen,xen");
  }

  /** Property {@code reg}. */
  public ImmutableList<Range<Long>> reg() {
    return ImmutableList.<Range<Long>>builder().add(grantWindow).addAll(regions.list()).build();
  }

  /** Property {@code interrupts}, three cells. */
  public ImmutableList<Integer> interrupts() {
    return ImmutableList.of(1, interrupt - FIRST_PPI, ALL_CPUS_LEVEL_LOW);
  }

  /** The node as device-tree source, with two cells for each address and each size. */
  public String source() {
    String names = compatible().stream().map(name -> '"' + name + '"').collect(Collectors.joining(", "));
    String ranges = reg().stream().map(HypervisorNode::cells).collect(Collectors.joining(", "));
    String interrupt = interrupts().get(0) + " " + interrupts().get(1) + " " + hex(interrupts().get(2));
    return "hypervisor {\n\tcompatible = " + names + ";\n\treg = " + ranges + ";\n\tinterrupts = <" + interrupt + ">;\n};\n";
  }

  private static String cells(Range<Long> range) {
    return "<" + twoCells(range.lowerEndpoint()) + " " + twoCells(range.upperEndpoint() - range.lowerEndpoint()) + ">";
  }

  private static String twoCells(long value) {
    return hex(value >>> Integer.SIZE) + " " + hex(value & 0xffff_ffffL);
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }

  /** Adds all of it: what a guest is told decides what it does. */
  public void digest(Digest digest) {
    digest.add(release).add(interrupt);
    for (Range<Long> range : reg()) {
      digest.add(range.lowerEndpoint()).add(range.upperEndpoint());
    }
  }
}
