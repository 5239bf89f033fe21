package org.xenarium.scenarios.claim;

import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.scenarios.call.CallFindings;
import org.xenarium.scenarios.call.CallWatcher;
import org.xenarium.scenarios.call.CallWatchers;
import org.xenarium.scenarios.call.GuestCall;
import org.xenarium.scenarios.campaign.Finding;
import org.xenarium.scenarios.campaign.Property;
import org.xenarium.scenarios.campaign.Tally;
import org.xenarium.scenarios.play.OtherDriver;
import org.xenarium.scenarios.script.CallProperty;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Progress;
import org.xenarium.scenarios.vocabulary.Call;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.RunWatcher;

/** A property of calls, which a scenario can watch for, too. */
record PropertyOfCalls(CallProperty property) implements Property {
  @Override
  public String name() {
    return property.id();
  }

  @Override
  public String statement() {
    return property.statement();
  }

  @Override
  public void observe(Run run, Consumer<Finding> findings, Tally tally) {
    IntPredicate held = domid -> run.setting().mannerOf(domid).keeps(property) && !isOutOfReach(run, domid);
    CallWatcher watcher = CallWatchers.of(property, run.stage().machine(), held, new CallFindings() {
      @Override
      public void found(String what, String message) {
        findings.accept(new Finding(name(), what, message));
      }

      @Override
      public void count(String name, long times) {
        tally.count(name, times);
      }
    });
    run.watch(new Told(run, watcher));
  }

  /** Of other drivers than Xenarium's own nobody knows which addresses they refuse. */
  private boolean isOutOfReach(Run run, int domid) {
    Domain domain = run.stage().machine().world().domain(domid);
    return property == CallProperty.DRIVER_FAULTS && domain != null && domain.has(OtherDriver.class);
  }

  /** Tells of the calls of a run. */
  private record Told(Run run, CallWatcher watcher) implements RunWatcher {
    @Override
    public void begins(int actor, Call call, int pace) {
      watcher.begins(new CallOfRun(run, actor, call));
    }

    @Override
    public void ended(int actor, Call call, Progress progress) {
      watcher.ended(new CallOfRun(run, actor, call), progress);
    }

    @Override
    public void outside(Operation operation, long... numbers) {
      watcher.outside();
    }
  }

  private record CallOfRun(Run run, int actor, Call call) implements GuestCall {
    @Override
    public int domid() {
      return run.stage().domid(actor);
    }

    @Override
    public Operation operation() {
      return call.operation();
    }

    @Override
    public int elements() {
      return call.elements();
    }

    @Override
    public long get(int element, int field) {
      return call.get(element, field);
    }

    @Override
    public OptionalLong passed() {
      return call.passed();
    }

    @Override
    public OptionalLong pointer() {
      return call.pointer();
    }

    @Override
    public long result(int column) {
      return run.result(actor, column);
    }
  }
}
