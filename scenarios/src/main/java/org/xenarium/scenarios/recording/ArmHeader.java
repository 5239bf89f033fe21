package org.xenarium.scenarios.recording;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Line 1 of a recording in the arm64 format (docs/reference/recordings.md).
 *
 * @param title what the recording is about
 * @param source what it was made on, in words
 * @param release the release of Xen in {@code source}, major and minor: {@code 4.17}
 * @param version the whole version of Xen in {@code source}: {@code 4.17.7}
 * @param xsm the security policy of the boot
 * @param domains ids in the order of the file, at least one
 * @param ramBase guest-physical address of each domain's RAM, a multiple of 4096
 * @param ramKib size of each domain's RAM, a multiple of 4
 * @param vcpus of each domain; always 1, as the lines name none
 * @param maxGrantFrames limit of each domain
 * @param maxMaptrackFrames limit of each domain
 * @param maxGrantVersion highest grant table version that the host was booted with; 1 where the header does not say
 * @param machineRamBase machine address of a domain's RAM, for the domains of which it is known
 */
public record ArmHeader(
    String title,
    String source,
    String release,
    String version,
    Xsm xsm,
    List<Integer> domains,
    long ramBase,
    long ramKib,
    int vcpus,
    int maxGrantFrames,
    int maxMaptrackFrames,
    int maxGrantVersion,
    SortedMap<Integer, Long> machineRamBase) {

  /** Security policies. */
  public enum Xsm { DUMMY, SILO }

  private static final Names NAMES = new Names("the header", "recording", "title", "source", "xsm", "domains", "ram_base", "ram_kib",
      "vcpus", "max_grant_frames", "max_maptrack_frames", "machine_ram_base", "max_grant_version");
  private static final long REQUIRED = Names.first(NAMES.names().size() - 2);
  private static final Pattern RELEASE = Pattern.compile("\\bXen ((\\d+\\.\\d+)[^\\s,;()]*)");
  private static final Pattern HEX = Pattern.compile("0x[0-9a-f]{1,16}");
  private static final Range FRAMES = Range.of(1, Integer.MAX_VALUE);

  public ArmHeader {
    domains = List.copyOf(domains);
    machineRamBase = Collections.unmodifiableSortedMap(new TreeMap<>(machineRamBase));
  }

  /** Reads the fields of the object that {@code json} is in. */
  static ArmHeader read(JsonLines json) throws RecordingException {
    String title = "";
    String source = "";
    String release = "";
    String version = "";
    Xsm xsm = Xsm.DUMMY;
    List<Integer> domains = List.of();
    long ramBase = 0;
    long ramKib = 0;
    int vcpus = 0;
    int grantFrames = 0;
    int maptrackFrames = 0;
    int maxVersion = 1;
    SortedMap<Integer, Long> machineRamBase = new TreeMap<>();
    long seen = 0;
    for (int field; (field = json.field(NAMES, seen)) >= 0; seen |= 1L << field) {
      switch (NAMES.name(field)) {
        case "recording" -> json.number(Range.ONE);
        case "title" -> title = json.string();
        case "source" -> {
          source = json.string();
          Matcher xen = RELEASE.matcher(source);
          if (!xen.find()) {
            throw json.here("\"source\": expected a text with the release, such as \"Xen 4.17.7\", found " + JsonLines.quote(source));
          }
          version = xen.group(1);
          release = xen.group(2);
        }
        case "xsm" -> xsm = xsm(json);
        case "domains" -> domains = domains(json);
        case "ram_base" -> ramBase = address(json);
        case "ram_kib" -> ramKib = json.number(Range.of(4, Long.MAX_VALUE));
        case "vcpus" -> vcpus = (int) json.number(Range.ONE);
        case "max_grant_frames" -> grantFrames = (int) json.number(FRAMES);
        case "max_maptrack_frames" -> maptrackFrames = (int) json.number(Range.of(0, Integer.MAX_VALUE));
        case "max_grant_version" -> maxVersion = (int) json.number(Range.of(1, 2));
        default -> machineRamBase = machineRamBase(json);
      }
    }
    json.require(NAMES, REQUIRED, seen);
    if (ramKib % 4 != 0) {
      throw json.atLine("\"ram_kib\": expected a multiple of 4, found " + ramKib);
    }
    for (int id : machineRamBase.keySet()) {
      if (!domains.contains(id)) {
        throw json.atLine("\"machine_ram_base\": domain " + id + " is not among the domains of the header");
      }
    }
    return new ArmHeader(title, source, release, version, xsm, domains, ramBase, ramKib, vcpus, grantFrames, maptrackFrames,
        maxVersion, machineRamBase);
  }

  private static Xsm xsm(JsonLines json) throws RecordingException {
    String text = json.string();
    return switch (text) {
      case "dummy" -> Xsm.DUMMY;
      case "silo" -> Xsm.SILO;
      default -> throw json.here("\"xsm\": expected \"dummy\" or \"silo\", found " + JsonLines.quote(text));
    };
  }

  private static List<Integer> domains(JsonLines json) throws RecordingException {
    LongTable ids = new LongTable();
    json.numbers(ids, Range.DOMAIN);
    List<Integer> domains = new ArrayList<>();
    for (int row = 0; row < ids.rows(); row++) {
      int id = (int) ids.get(row);
      if (domains.contains(id)) {
        throw json.here("\"domains\": domain " + id + " is given twice");
      }
      domains.add(id);
    }
    if (domains.isEmpty()) {
      throw json.here("\"domains\": expected at least one domain, found none");
    }
    return domains;
  }

  private static SortedMap<Integer, Long> machineRamBase(JsonLines json) throws RecordingException {
    SortedMap<Integer, Long> bases = new TreeMap<>();
    json.beginObject();
    for (String name; (name = json.anyField()) != null; ) {
      if (!name.matches("0|[1-9][0-9]{0,4}")) {
        throw json.here("\"machine_ram_base\": expected a domain id, found " + JsonLines.quote(name));
      }
      int id = Integer.parseInt(name);
      if (bases.put(id, address(json)) != null) {
        throw json.here("\"machine_ram_base\": domain " + id + " is given twice");
      }
    }
    return bases;
  }

  /** A page-aligned address, given as a hex string. */
  private static long address(JsonLines json) throws RecordingException {
    String text = json.string();
    if (!HEX.matcher(text).matches()) {
      throw json.here(json.label() + "expected a hex string such as \"0x40000000\", found " + JsonLines.quote(text));
    }
    long address = Long.parseUnsignedLong(text, 2, text.length(), 16);
    if (address % 4096 != 0) {
      throw json.here(json.label() + "expected the address of a page, found " + JsonLines.quote(text));
    }
    return address;
  }
}
