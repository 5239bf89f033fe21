package org.xenarium.scenarios.recording;

import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Reads a recording in the xen-core format (docs/reference/recordings.md).
 *
 * <p>Beyond the fields it checks what holds in every such recording: {@code i} counts the lines from 0; {@code out} is as long as {@code
 * in}; caller, vCPU and the domains of {@code st} are those of the header; bytes written lie within the entry or page.
 */
public final class CoreReader extends RecordingReader {
  private static final long ALWAYS = CoreField.mask(CoreField.I, CoreField.OP, CoreField.DOM);
  private static final long COMMON = ALWAYS | CoreField.mask(CoreField.ST, CoreField.VCPU, CoreField.SKIP);

  private static final Pattern BYTES = Pattern.compile("([0-9a-f]{2})+");

  private final CoreHeader header;
  private long expectedIndex;

  CoreReader(JsonLines json, LineSource source, CoreHeader header) {
    super(json, source);
    this.header = header;
  }

  public CoreHeader header() {
    return header;
  }

  /** Fills {@code line} with the next operation; false at the end of the file. After an exception the reader is of no use any more. */
  public boolean next(CoreLine line) throws RecordingException {
    try {
      if (!nextLine()) {
        return false;
      }
      line.clear(json.lineNumber());
      fields(line);
      json.endLine();
      check(line);
      return true;
    } catch (JacksonException e) {
      throw json.malformed(e);
    }
  }

  private void fields(CoreLine line) throws RecordingException {
    @Nullable CoreOperation operation = null;
    for (int index; (index = json.field(CoreField.NAMES, line.seen)) >= 0; line.seen |= 1L << index) {
      CoreField field = CoreField.at(index);
      if (field.range != null) {
        line.set(field, json.number(field.range));
        if (field == CoreField.DOM) {
          declared(line.dom());
        }
        continue;
      }
      switch (field) {
        case OP -> {
          operation = operation(json.string());
          line.operation(operation);
        }
        case IN -> readIn(line, operation != null ? operation : laterOperation());
        case OUT -> readOut(line, operation != null ? operation : laterOperation());
        case ST -> readStates(line);
        case RAND -> json.numbers(line.rand, Range.U32);
        case MFNS -> json.numbers(line.mfns, Range.U64);
        case HEX, DATA -> line.bytes = bytes(json.string());
        default -> throw new IllegalStateException(field.name());
      }
    }
  }

  private CoreOperation operation(String name) throws RecordingException {
    CoreOperation operation = CoreOperation.named(name);
    if (operation == null) {
      throw json.here("unknown operation " + JsonLines.quote(name) + Spelling.hint(name, CoreOperation.recordedNames()));
    }
    return operation;
  }

  /** The operation of a line that gives elements before the operation: no recorder writes that, but the order of fields is free. */
  private CoreOperation laterOperation() throws RecordingException {
    String name = json.peek("op");
    if (name == null) {
      throw json.atLine(CoreField.NAMES.title() + " lacks \"op\"");
    }
    return operation(name);
  }

  private void readIn(CoreLine line, CoreOperation operation) throws RecordingException {
    Names names = operation.inNames;
    int width = names.names().size();
    line.in.clear(width);
    json.beginArray();
    while (json.nextObject()) {
      int row = line.in.addRow();
      long seen = 0;
      for (int field; (field = json.field(names, seen)) >= 0; seen |= 1L << field) {
        line.in.set(row, field, json.number(operation.inRanges[field]));
      }
      json.require(names, Names.first(width), seen);
    }
  }

  private void readOut(CoreLine line, CoreOperation operation) throws RecordingException {
    Names names = operation.outNames;
    json.beginArray();
    while (json.nextObject()) {
      int row = line.out.addRow();
      long seen = 0;
      long shown = 0;
      for (int field; (field = json.field(names, seen)) >= 0; seen |= 1L << field) {
        CoreOut what = operation.outs[field];
        if (what == CoreOut.FRAMES) {
          json.numbers(line.frames, what.range);
        } else if (json.nextIsNull() && what == CoreOut.STATUS) {
          continue;
        } else {
          line.out.set(row, what.index(), json.numberHere(what.range));
        }
        shown |= 1L << what.index();
      }
      json.require(names, operation.requiredOuts(), seen);
      line.outSeen.set(line.outSeen.addRow(), 0, shown);
    }
  }

  private void readStates(CoreLine line) throws RecordingException {
    json.beginArray();
    while (json.nextObject()) {
      CoreDomainState state = line.addState();
      state.read(json);
      CoreDomain domain = declared(state.dom());
      if (state.has(CoreStateField.FREE) && state.free().rows() != domain.vcpus()) {
        throw json.here("\"free\": expected " + domain.vcpus() + " pairs, one for each vCPU of domain " + domain.id() + ", found "
            + state.free().rows());
      }
      for (int earlier = 0; earlier < line.stateCount() - 1; earlier++) {
        if (line.state(earlier).dom() == state.dom()) {
          throw json.here("\"st\": domain " + state.dom() + " is given twice");
        }
      }
    }
  }

  private byte[] bytes(String hex) throws RecordingException {
    if (!BYTES.matcher(hex).matches()) {
      throw json.here(json.label() + "expected bytes as pairs of the digits 0-9 and a-f, found " + JsonLines.quote(hex));
    }
    return HexFormat.of().parseHex(hex);
  }

  private CoreDomain declared(int id) throws RecordingException {
    for (CoreDomain domain : header.domains()) {
      if (domain.id() == id) {
        return domain;
      }
    }
    throw json.undeclared(id, header.domains().stream().map(CoreDomain::id).toList());
  }

  private void check(CoreLine line) throws RecordingException {
    CoreOperation operation = line.operation();
    json.require(CoreField.NAMES, ALWAYS, line.seen);
    if (line.i() != expectedIndex) {
      throw json.atLine("\"i\": expected " + expectedIndex + ", as the operations are counted from 0, found " + line.i());
    }
    expectedIndex++;
    CoreDomain caller = declared(line.dom());
    if (line.vcpu() >= caller.vcpus()) {
      throw json.atLine("\"vcpu\": domain " + caller.id() + " has " + caller.vcpus() + ", counted from 0, found " + line.vcpu());
    }
    long allowed = COMMON | operation.requiredMask() | operation.optionalMask();
    if ((line.seen & ~allowed) != 0) {
      throw json.atLine(operation.recordedName() + " has no field \"" + CoreField.recordedNames(line.seen & ~allowed).getFirst()
          + "\"; known are " + String.join(", ", CoreField.recordedNames(allowed)));
    }
    if (!line.skip()) {
      json.require(CoreField.NAMES, operation.requiredMask() | CoreField.ST.bit(), line.seen);
      String problem = CoreRules.problem(line);
      if (problem != null) {
        throw json.atLine(problem);
      }
    }
  }
}
