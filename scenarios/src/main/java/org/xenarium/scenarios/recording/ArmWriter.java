package org.xenarium.scenarios.recording;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes a recording in the arm64 format (docs/reference/recordings.md), in the spelling of those that there are. */
public final class ArmWriter {
  private static final long DATA_ABORT = 0x96000000L;

  private final StringBuilder text = new StringBuilder();
  private final Map<Integer, Long> sequence = new TreeMap<>();
  private final Map<Integer, Long> batches = new TreeMap<>();
  private @Nullable ArmOperation operation;
  private boolean inBatch;
  private boolean batchIsNumbered;
  private long lines;

  /** A recording that begins with that header. */
  public ArmWriter(ArmHeader header) {
    text.append("{\"recording\": 1, \"title\": ").append(string(header.title())).append(", \"source\": ").append(string(header.source()));
    text.append(", \"xsm\": \"").append(header.xsm() == ArmHeader.Xsm.SILO ? "silo" : "dummy").append("\", \"domains\": ").append(header.domains());
    text.append(", \"ram_base\": ").append(hex(header.ramBase())).append(", \"ram_kib\": ").append(header.ramKib());
    text.append(", \"vcpus\": ").append(header.vcpus()).append(", \"max_grant_frames\": ").append(header.maxGrantFrames());
    text.append(", \"max_maptrack_frames\": ").append(header.maxMaptrackFrames());
    if (header.maxGrantVersion() != 1) {
      text.append(", \"max_grant_version\": ").append(header.maxGrantVersion());
    }
    String separator = ", \"machine_ram_base\": {";
    for (Map.Entry<Integer, Long> base : header.machineRamBase().entrySet()) {
      text.append(separator).append('"').append(base.getKey()).append("\": ").append(hex(base.getValue()));
      separator = ", ";
    }
    text.append(header.machineRamBase().isEmpty() ? "}\n" : "}}\n");
  }

  private static String hex(long address) {
    return "\"0x" + Long.toHexString(address) + "\"";
  }

  private static String string(String value) {
    StringBuilder quoted = new StringBuilder("\"");
    value.chars().forEach(c -> {
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        default -> quoted.append(c < ' ' ? " " : String.valueOf((char) c));
      }
    });
    return quoted.append('"').toString();
  }

  /** The lines up to {@link #endBatch} are elements of one hypercall. */
  public void beginBatch() {
    inBatch = true;
    batchIsNumbered = false;
  }

  public void endBatch() {
    inBatch = false;
  }

  /**
   * Begins a line.
   *
   * @param inputs in the order of {@link ArmOperation#in}
   */
  public void begin(int domid, ArmOperation what, long[] inputs) {
    operation = what;
    lines++;
    text.append("{\"dom\": ").append(domid).append(", \"seq\": ").append(sequence.merge(domid, 1L, Long::sum));
    text.append(", \"op\": \"").append(what.recordedName()).append("\", \"in\": {");
    for (int i = 0; i < inputs.length; i++) {
      text.append(i > 0 ? ", \"" : "\"").append(what.in().get(i).name()).append("\": ").append(Long.toUnsignedString(inputs[i]));
    }
    text.append('}');
    if (inBatch && !batchIsNumbered) {
      batches.merge(domid, 1L, Long::sum);
      batchIsNumbered = true;
    }
  }

  /** The count that the hypercall was given instead of 1. */
  public void count(long value) {
    text.append(", \"count\": ").append(value);
  }

  /** The pointer that the hypercall was given instead of a good one. */
  public void pointer(long value) {
    text.append(", \"ptr\": ").append(Long.toUnsignedString(value));
  }

  /** The vCPU never came back. */
  public void hang() {
    text.append(", \"hang\": true");
  }

  /** The access was aborted at that address. */
  public void abort(long address) {
    text.append(", \"rc\": -1, \"status\": null, \"out\": {");
    ArmOperation what = operation;
    if (what != null && what.kind() == ArmOperation.Kind.ENTRY) {
      what.out().forEach(field -> text.append('"').append(field.name()).append("\": 0, "));
    }
    text.append("\"esr\": ").append(DATA_ABORT).append(", \"far\": ").append(Long.toUnsignedString(address)).append('}');
  }

  /**
   * What came back.
   *
   * @param outputs in the order of {@link ArmOperation#out}
   */
  public void results(long rc, long status, long[] outputs) {
    ArmOperation what = operation;
    if (what == null) {
      throw new IllegalStateException("there are results before a line");
    }
    text.append(", \"rc\": ").append(rc).append(", \"status\": ").append(what.hasStatus() ? Long.toString(status) : "null").append(", \"out\": {");
    for (int i = 0; i < outputs.length; i++) {
      text.append(i > 0 ? ", \"" : "\"").append(what.out().get(i).name()).append("\": ").append(Long.toUnsignedString(outputs[i]));
    }
    text.append('}');
  }

  /** Ends the line; {@code rules} are those that decided it. */
  public void end(int domid, List<String> rules) {
    if (inBatch) {
      text.append(", \"batch\": ").append(batches.get(domid));
    }
    if (!rules.isEmpty()) {
      text.append(", \"rules\": [\"").append(String.join("\", \"", rules)).append("\"]");
    }
    text.append("}\n");
  }

  /** How many operations were written. */
  public long lines() {
    return lines;
  }

  /** The whole recording. */
  @Override
  public String toString() {
    return text.toString();
  }
}
