package org.xenarium.scenarios.play;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.trace.Rule;
import org.xenarium.emulator.trace.Trace;
import org.xenarium.scenarios.recording.ArmOperation;
import org.xenarium.scenarios.recording.ArmWriter;
import org.xenarium.scenarios.script.Column;
import org.xenarium.scenarios.script.Kind;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Progress;
import org.xenarium.scenarios.script.Step;

/**
 * Writes down what guests do while a scenario is played, as lines of the arm64 format. Steps that are operations of the format become lines of
 * the same name. Everything else, calls of a driver above all, becomes the loads, stores and hypercalls that it consists of; such a hypercall
 * has the pointer that the driver gave it, and its struct is in memory.
 */
final class Recorder implements Trace {
  private final Plan plan;
  private final Machine machine;
  private final Trace next;
  private final ArmWriter out;

  /** Rules since the last line. */
  private final List<String> rules = new ArrayList<>();

  /** The step under way that is written as one line; -1 outside of such a step. */
  private int whole = -1;

  private @Nullable String problem;
  private int hypercall = -1;
  private long[] registers = {};

  Recorder(Plan plan, Machine machine, Trace next, ArmWriter out) {
    this.plan = plan;
    this.machine = machine;
    this.next = next;
    this.out = out;
  }

  /** Why what happened cannot be recorded; null if it can. */
  @Nullable String problem() {
    return problem;
  }

  private static boolean isWhole(Operation operation) {
    return operation.recorded() != null && operation.kind() != Kind.DRIVER_ARRAY;
  }

  @Override
  public void mark(int domid, int vcpu, int thread, Object mark) {
    if (mark instanceof Mark step && isWhole(plan.step(step.step()).operation())) {
      if (step.begins()) {
        rules.clear();
        whole = step.step();
      } else {
        write(step.step(), domid);
        whole = -1;
      }
    }
    next.mark(domid, vcpu, thread, mark);
  }

  @Override
  public void decided(int domid, int vcpu, long element, Rule rule) {
    rules.add(rule.id());
    next.decided(domid, vcpu, element, rule);
  }

  @Override
  public void guest(int domid, int vcpu, Rule rule, long value) {
    next.guest(domid, vcpu, rule, value);
  }

  @Override
  public boolean watchesClosely() {
    return true;
  }

  @Override
  public void stuck(int domid, int vcpu, long address) {
    next.stuck(domid, vcpu, address);
    if (whole >= 0) {
      Step step = plan.step(whole);
      out.begin(domid, recorded(step.operation()), inputs(whole, 0));
      out.hang();
      out.end(domid, rules);
    } else {
      problem = "a store of a driver that never ends";
    }
  }

  @Override
  public void accessed(int domid, int vcpu, boolean store, long address, int size, long value, boolean aborted) {
    boolean listed = whole >= 0 && !(store && plan.step(whole).operation().kind() == Kind.STRUCT);
    Domain domain = machine.world().domain(domid);
    if (listed || domain == null || domain.vcpu(vcpu).isStuck()) {
      return;
    }
    ArmOperation operation = access(store, size);
    out.begin(domid, operation, store ? new long[] {address, value} : new long[] {address});
    if (aborted) {
      out.abort(address);
    } else {
      out.results(0, 0, store ? new long[0] : new long[] {value});
    }
    out.end(domid, List.of());
  }

  private static ArmOperation access(boolean store, int size) {
    return switch (size) {
      case 1 -> store ? ArmOperation.W8 : ArmOperation.R8;
      case 2 -> store ? ArmOperation.W16 : ArmOperation.R16;
      case 4 -> store ? ArmOperation.W32 : ArmOperation.R32;
      default -> store ? ArmOperation.W64 : ArmOperation.R64;
    };
  }

  @Override
  public void hypercall(int domid, int vcpu, int number, long[] x) {
    if (hypercall < 0) {
      rules.clear();
      hypercall = number;
      registers = x.clone();
    }
  }

  @Override
  public void returned(int domid, int vcpu, long x0) {
    if (whole < 0) {
      out.begin(domid, ArmOperation.HYP, new long[] {hypercall, registers[0], registers[1], registers[2], registers[3], registers[4]});
      out.results(x0, 0, new long[0]);
      out.end(domid, rules);
    }
    hypercall = -1;
  }

  /** A step that is an operation of the format, with its results. */
  private void write(int index, int domid) {
    Step step = plan.step(index);
    Notes notes = Notes.of(machine.world());
    Operation operation = step.operation();
    if (step.batch()) {
      out.beginBatch();
    }
    for (int element = 0; element < step.elements().size(); element++) {
      out.begin(domid, recorded(operation), inputs(index, element));
      if (notes.progress(index) == Progress.FAULTED) {
        out.abort(notes.get(index, Column.FAULT));
      } else {
        out.results(notes.get(index, Column.RETURNS), notes.get(index, Column.status(operation, element)), outputs(notes, index, element));
      }
      step.count().ifPresent(value -> out.count(plan.evaluator().number(value, notes)));
      step.ptr().ifPresent(value -> out.pointer(plan.evaluator().number(value, notes)));
      out.end(domid, rules);
    }
    out.endBatch();
    if (step.elements().isEmpty()) {
      problem = "a batch without elements";
    }
  }

  private long[] outputs(Notes notes, int index, int element) {
    Operation operation = plan.step(index).operation();
    long[] outputs = new long[operation.out().size()];
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = notes.get(index, Column.out(operation, element, i));
    }
    return outputs;
  }

  private long[] inputs(int index, int element) {
    Inputs inputs = Inputs.of(plan, index, Notes.of(machine.world()));
    long[] numbers = new long[plan.step(index).operation().in().size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = inputs.get(element, i);
    }
    return numbers;
  }

  private static ArmOperation recorded(Operation operation) {
    ArmOperation recorded = operation.recorded();
    if (recorded == null) {
      throw new IllegalStateException(operation.spelling() + " is no operation of the format");
    }
    return recorded;
  }
}
