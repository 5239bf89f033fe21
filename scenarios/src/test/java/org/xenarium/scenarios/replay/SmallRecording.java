package org.xenarium.scenarios.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.xenarium.scenarios.recording.RecordingException;

/** A recording in the arm64 format that a test writes line by line. Every domain has 16 MiB of RAM at gfn 0x40000. */
final class SmallRecording {
  /** A page of the guest program in which it keeps lists of frames. */
  static final long LIST = 0x40009000L;

  private static final int SELF = 0x7ff0;

  private final StringBuilder text = new StringBuilder();
  private final Map<Integer, Integer> seqs = new HashMap<>();

  /** Says where the RAM of domain 1 lies in machine memory, and of no other domain. */
  SmallRecording(int... domains) {
    String ids = Arrays.toString(domains);
    text.append("""
        {"recording": 1, "title": "t", "source": "Xen 4.17.7", "xsm": "dummy", "domains": %s, "ram_base": "0x40000000", "ram_kib": 16384, \
        "vcpus": 1, "max_grant_frames": 64, "max_maptrack_frames": 1024, "machine_ram_base": {"1": "0x41000000"}}
        """.formatted(ids));
  }

  /** Adds a line; {@code in} and {@code out} are the inside of JSON objects. */
  SmallRecording line(int dom, String operation, String in, long rc, String status, String out, String more) {
    int seq = seqs.merge(dom, 1, Integer::sum);
    text.append("""
        {"dom": %d, "seq": %d, "op": "%s", "in": {%s}, "rc": %d, "status": %s, "out": {%s}%s}
        """.formatted(dom, seq, operation, in, rc, status, out, more));
    return this;
  }

  SmallRecording read(int dom, int bytes, long address, long value) {
    return line(dom, "r" + 8 * bytes, "\"addr\": " + address, 0, "null", "\"val\": " + value, "");
  }

  SmallRecording write(int dom, int bytes, long address, long value) {
    return line(dom, "w" + 8 * bytes, "\"addr\": %d, \"val\": %d".formatted(address, value), 0, "null", "", "");
  }

  /** A load or store, or an access to a grant entry, that is answered by an abort. */
  SmallRecording aborted(int dom, String operation, String in, String out, long far) {
    return line(dom, operation, in, -1, "null", out + (out.isEmpty() ? "" : ", ") + "\"esr\": 2516582400, \"far\": " + far, "");
  }

  /** Gives the page at a guest frame back and gets another one there. */
  SmallRecording repopulate(int dom, long gfn) {
    write(dom, 8, LIST, gfn);
    for (String operation : new String[] {"decrease_reservation", "populate_physmap"}) {
      line(dom, operation, "\"dom\": %d, \"list\": %d, \"nr\": 1, \"order\": 0, \"flags\": 0".formatted(SELF, LIST), 1, "null", "", "");
    }
    return this;
  }

  /** Puts the first grant frame where entries are written. */
  SmallRecording grantFrame(int dom) {
    return line(dom, "add_to_physmap", "\"dom\": %d, \"space\": 1, \"idx\": 0, \"gfn\": 229376".formatted(SELF), 0, "null", "", "");
  }

  SmallRecording grant(int dom, int ref, int to, long gfn) {
    return line(dom, "gte", "\"ref\": %d, \"flags\": 1, \"dom\": %d, \"gfn\": %d".formatted(ref, to, gfn), 0, "null", "", "");
  }

  /** A writable map that succeeds. */
  SmallRecording map(int dom, int granter, int ref, long address, int handle, long dev) {
    String in = "\"dom\": %d, \"ref\": %d, \"flags\": 2, \"addr\": %d".formatted(granter, ref, address);
    return line(dom, "map", in, 0, "0", "\"handle\": %d, \"dev\": %d".formatted(handle, dev), "");
  }

  /** A copy between two frames of the domain's own. */
  SmallRecording copy(int dom, long from, long to, int length) {
    String in = "\"src\": %d, \"sdom\": %d, \"soff\": 0, \"dst\": %d, \"ddom\": %d, \"doff\": 0, \"len\": %d, \"flags\": 0";
    return line(dom, "copy", in.formatted(from, SELF, to, SELF, length), 0, "0", "", "");
  }

  Path file(Path folder) throws IOException {
    return Files.writeString(folder.resolve("small.jsonl"), text);
  }

  ReplayResult play(Path folder) throws IOException, RecordingException, UnplayableException {
    return Replay.play(file(folder), Listener.NONE);
  }
}
