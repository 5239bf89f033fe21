package org.xenarium.scenarios.recording;

import org.jspecify.annotations.Nullable;

/** What must hold between the fields of one line in the xen-core format, all required ones being there. */
final class CoreRules {
  private static final int PAGE_SIZE = 4096;

  private CoreRules() {}

  /** What is wrong with the line; null if nothing is. */
  static @Nullable String problem(CoreLine line) {
    CoreOperation operation = line.operation();
    int elements = operation.hasElements() ? line.in().rows() : 1;
    if (operation.hasOut() && line.outCount() != elements) {
      return "\"out\": expected as many elements as were passed, " + elements + ", found " + line.outCount();
    }
    if (operation.isSingle() && (isPositive(line, CoreField.FR) || isPositive(line, CoreField.FW))) {
      return "\"fr\" and \"fw\" of " + operation.recordedName() + ": expected 0, as it has one struct only";
    }
    return switch (operation) {
      case GW -> entryProblem(line);
      case GPW -> pageProblem(line, line.bytes().length);
      case GPR -> readProblem(line);
      case ACQRES, MAP, UNMAP, UNMAPREP, COPY, TRANSFER, SWAP, CFLUSH, SETUP, GETSTAT, QUERY, SETVER, GETVER, RAW, ATP, RFP, DESTROY -> null;
    };
  }

  private static boolean isPositive(CoreLine line, CoreField field) {
    return line.has(field) && line.get(field) > 0;
  }

  private static @Nullable String entryProblem(CoreLine line) {
    long size = line.get(CoreField.ESZ);
    if (size != 8 && size != 16) {
      return "\"esz\": expected 8 or 16, found " + size;
    }
    long end = line.get(CoreField.OFF) + line.bytes().length;
    return end > size ? "\"hex\" ends at byte " + end + ", past the entry's " + size : null;
  }

  private static @Nullable String pageProblem(CoreLine line, long length) {
    return (line.get(CoreField.GPA) & PAGE_SIZE - 1) + length > PAGE_SIZE ? "the access crosses the end of its page" : null;
  }

  private static @Nullable String readProblem(CoreLine line) {
    return pageProblem(line, line.get(CoreField.LEN));
  }
}
