package org.xenarium.scenarios.recording;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Reads a recording in the arm64 format (docs/reference/recordings.md).
 *
 * <p>Beyond the fields it checks what holds in every such recording: each domain counts its own lines from 1 without a gap; nothing of a
 * domain follows a line that hung; the lines of a batch are consecutive among those of their domain, of one operation and with one rc.
 * Lines of several domains may interleave in any way.
 */
public final class ArmReader extends RecordingReader {
  private static final Names LINE = new Names("the line", "dom", "seq", "op", "in", "rc", "status", "out", "section", "src", "batch",
      "count", "ptr", "retried", "hang", "crash", "rules");
  private static final int DOM = 0;
  private static final int SEQ = 1;
  private static final int OP = 2;
  private static final int IN = 3;
  private static final int RC = 4;
  private static final int STATUS = 5;
  private static final int OUT = 6;
  private static final int SECTION = 7;
  private static final int SRC = 8;
  private static final int BATCH = 9;
  private static final int COUNT = 10;
  private static final int PTR = 11;
  private static final int RETRIED = 12;
  private static final int HANG = 13;
  private static final int CRASH = 14;
  private static final int RULES = 15;

  private static final long ALWAYS = 1L << DOM | 1L << SEQ | 1L << OP;
  private static final long RESULTS = 1L << RC | 1L << STATUS | 1L << OUT;
  /** Bits of {@link ArmLine#marks}. */
  private static final long ESR_AND_FAR = 3;

  private static final Range BATCH_NUMBER = Range.of(1, Long.MAX_VALUE);
  private static final Range COUNTING = Range.of(1, Long.MAX_VALUE);

  private final ArmHeader header;
  private final ArmOrder order;

  ArmReader(JsonLines json, LineSource source, ArmHeader header) {
    super(json, source);
    this.header = header;
    this.order = new ArmOrder(header.domains());
  }

  public ArmHeader header() {
    return header;
  }

  /** Fills {@code line} with the next operation; false at the end of the file. After an exception the reader is of no use any more. */
  public boolean next(ArmLine line) throws RecordingException {
    try {
      if (!nextLine()) {
        return false;
      }
      line.clear(json.lineNumber());
      long seen = fields(line);
      json.endLine();
      check(line, seen);
      return true;
    } catch (JacksonException e) {
      throw json.malformed(e);
    }
  }

  /** The script line of the operation read last, for people; empty if the recording has none. Decoded only now. */
  public String src() {
    String text = json.peek("src");
    return text == null ? "" : text;
  }

  /** The section of the script that the operation read last belongs to, for people; empty if the recording has none. */
  public String section() {
    String text = json.peek("section");
    return text == null ? "" : text;
  }

  private long fields(ArmLine line) throws RecordingException {
    @Nullable ArmOperation operation = null;
    long seen = 0;
    for (int field; (field = json.field(LINE, seen)) >= 0; seen |= 1L << field) {
      switch (field) {
        case DOM -> line.dom = domain();
        case SEQ -> line.seq = json.number(COUNTING);
        case SECTION, SRC -> json.skipString();
        case OP -> line.operation = operation = operation(json.string());
        case IN -> readInputs(line, operation != null ? operation : laterOperation());
        case RC -> line.rc = json.number(Range.S64);
        case STATUS -> readStatus(line, operation != null ? operation : laterOperation());
        case OUT -> readOutputs(line, operation != null ? operation : laterOperation());
        case BATCH -> line.batch = json.number(BATCH_NUMBER);
        case COUNT -> line.count = json.number(Range.ANY64);
        case PTR -> line.ptr = json.number(Range.ANY64);
        case RETRIED, HANG, CRASH -> json.readTrue();
        case RULES -> json.skipStrings();
        default -> throw new IllegalStateException("field " + field);
      }
    }
    line.hasCount = has(seen, COUNT);
    line.hasPtr = has(seen, PTR);
    line.hang = has(seen, HANG);
    line.crash = has(seen, CRASH);
    line.retried = has(seen, RETRIED);
    return seen;
  }

  private static boolean has(long seen, int field) {
    return (seen >> field & 1) != 0;
  }

  private int domain() throws RecordingException {
    int dom = (int) json.number(Range.DOMAIN);
    if (!order.declares(dom)) {
      throw json.undeclared(dom, header.domains());
    }
    return dom;
  }

  private ArmOperation operation(String name) throws RecordingException {
    ArmOperation operation = ArmOperation.named(name);
    if (operation == null) {
      throw json.here("unknown operation " + JsonLines.quote(name) + Spelling.hint(name, ArmOperation.recordedNames()));
    }
    return operation;
  }

  /** The operation of a line that gives inputs or results before it: no recorder writes that, but the order of fields is free. */
  private ArmOperation laterOperation() throws RecordingException {
    String name = json.peek("op");
    if (name == null) {
      throw json.atLine(LINE.title() + " lacks \"op\"");
    }
    return operation(name);
  }

  private void readInputs(ArmLine line, ArmOperation operation) throws RecordingException {
    json.beginObject();
    long seen = 0;
    Names names = operation.inNames;
    for (int field; (field = json.field(names, seen)) >= 0; seen |= 1L << field) {
      line.in[field] = json.number(operation.inRanges[field]);
    }
    // An argument that is not given ends the arguments: what is required reaches up to the last one given.
    json.require(names, operation.requiredInputs() | Names.first(Long.SIZE - Long.numberOfLeadingZeros(seen)), seen);
    line.inCount = Long.bitCount(seen);
  }

  private void readStatus(ArmLine line, ArmOperation operation) throws RecordingException {
    boolean none = json.nextIsNull();
    if (none && operation.hasStatus()) {
      throw json.here("\"status\": expected a number, as " + operation.recordedName() + " has a status, found null");
    }
    if (!none && !operation.hasStatus()) {
      throw json.here("\"status\": expected null, as " + operation.recordedName() + " has no status, found a value");
    }
    line.status = none ? 0 : (int) json.numberHere(Range.S16);
  }

  private void readOutputs(ArmLine line, ArmOperation operation) throws RecordingException {
    json.beginObject();
    long seen = 0;
    Names names = operation.outNames;
    int outputs = operation.outRanges.length;
    for (int field; (field = json.field(names, seen)) >= 0; seen |= 1L << field) {
      Range range = field < outputs ? operation.outRanges[field] : operation.kind() == ArmOperation.Kind.STRUCT ? Range.ONE : Range.U64;
      line.out[field] = json.number(range);
    }
    line.outSeen = seen;
  }

  private void check(ArmLine line, long seen) throws RecordingException {
    ArmOperation operation = line.operation;
    boolean struct = operation.kind() == ArmOperation.Kind.STRUCT;
    json.require(LINE, ALWAYS, seen);
    if (line.hasResults()) {
      json.require(LINE, RESULTS | 1L << IN, seen);
      checkResults(line, operation);
    } else if ((seen & RESULTS) != 0) {
      throw json.atLine("an operation that never came back has no \"rc\", \"status\" or \"out\"");
    } else if (line.hang && line.crash) {
      throw json.atLine("\"hang\" and \"crash\" exclude each other");
    }
    if (!struct && (line.hasCount || line.hasPtr || line.batch >= 0)) {
      throw json.atLine("\"batch\", \"count\" and \"ptr\" are for hypercalls with an argument struct, found " + operation.recordedName());
    }
    if (line.batch >= 0 && (line.hasCount || line.hasPtr)) {
      throw json.atLine("a batch has its own count and pointer, found " + (line.hasCount ? "\"count\"" : "\"ptr\""));
    }
    String problem = order.problem(line);
    if (problem != null) {
      throw json.atLine(problem);
    }
  }

  private void checkResults(ArmLine line, ArmOperation operation) throws RecordingException {
    long required = Names.first(operation.outRanges.length);
    switch (operation.kind()) {
      case STRUCT -> line.retried |= line.marks() != 0;
      case REGISTERS, LOOP, FILL -> { }
      case ENTRY, READ, WRITE -> {
        if (line.marks() != 0) {
          required |= ESR_AND_FAR << operation.outRanges.length;
        }
        if (line.marks() != 0 && operation.kind() == ArmOperation.Kind.READ) {
          required &= ~1;
        }
      }
    }
    json.require(operation.outNames, required, line.outSeen);
  }
}
