package org.xenarium.scenarios.recording;

import java.util.ArrayList;
import java.util.List;

/** What a {@link CoreOperation} looks like, written as one row of its table. */
final class CoreShape {
  final List<String> inNames = new ArrayList<>();
  final List<Range> inRanges = new ArrayList<>();
  /** The required ones first. */
  final List<CoreOut> outs = new ArrayList<>();
  int requiredOuts;
  long required;
  long optional;

  private CoreShape(long required, long optional) {
    this.required = required;
    this.optional = optional;
  }

  /** A hypercall with an array of elements. */
  static CoreShape elements() {
    return new CoreShape(CoreField.mask(CoreField.IN, CoreField.RC), CoreField.mask(CoreField.FR, CoreField.FW));
  }

  /** A hypercall with one struct, whose inputs stand in the line itself. */
  static CoreShape single(CoreField... inputs) {
    return new CoreShape(CoreField.mask(inputs) | CoreField.mask(CoreField.RC, CoreField.OUT), CoreField.mask(CoreField.FR, CoreField.FW));
  }

  /** No struct in guest memory. */
  static CoreShape plain(CoreField... fields) {
    return new CoreShape(CoreField.mask(fields), 0);
  }

  CoreShape in(String name, Range range) {
    inNames.add(name);
    inRanges.add(range);
    return this;
  }

  CoreShape out(CoreOut... always) {
    required |= CoreField.OUT.bit();
    outs.addAll(List.of(always));
    requiredOuts = always.length;
    return this;
  }

  CoreShape mayOut(CoreOut... sometimes) {
    outs.addAll(List.of(sometimes));
    return this;
  }

  CoreShape may(CoreField... fields) {
    optional |= CoreField.mask(fields);
    return this;
  }
}
