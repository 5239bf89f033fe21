package org.xenarium.emulator.domain;

import java.util.ArrayList;
import java.util.List;
import org.xenarium.emulator.trace.Rule;

/** Several watchers, told in the order in which they began to watch. */
final class StepWatchers implements StepWatcher {
  private final StepWatcher[] all;

  private StepWatchers(StepWatcher[] all) {
    this.all = all;
  }

  /** Each of those that are told by one. */
  static List<StepWatcher> list(StepWatcher those) {
    if (those == NONE) {
      return List.of();
    }
    return those instanceof StepWatchers several ? List.of(several.all) : List.of(those);
  }

  /** These and one more. */
  static StepWatcher with(StepWatcher those, StepWatcher another) {
    if (those == NONE) {
      return another;
    }
    List<StepWatcher> all = new ArrayList<>(list(those));
    all.add(another);
    return new StepWatchers(all.toArray(StepWatcher[]::new));
  }

  /** These but one. */
  static StepWatcher without(StepWatcher those, StepWatcher another) {
    StepWatcher left = NONE;
    for (StepWatcher watcher : list(those)) {
      left = watcher == another ? left : with(left, watcher);
    }
    return left;
  }

  @Override
  public void before(Vcpu vcpu) {
    for (StepWatcher watcher : all) {
      watcher.before(vcpu);
    }
  }

  @Override
  public void after(Vcpu vcpu) {
    for (StepWatcher watcher : all) {
      watcher.after(vcpu);
    }
  }

  @Override
  public void decided(Vcpu vcpu, long element, Rule rule) {
    for (StepWatcher watcher : all) {
      watcher.decided(vcpu, element, rule);
    }
  }

  @Override
  public void beforeCall(Vcpu vcpu, Routine call) {
    for (StepWatcher watcher : all) {
      watcher.beforeCall(vcpu, call);
    }
  }

  @Override
  public void afterCall(Vcpu vcpu, Routine call, boolean isOver) {
    for (StepWatcher watcher : all) {
      watcher.afterCall(vcpu, call, isOver);
    }
  }

  @Override
  public void guest(Vcpu vcpu, Rule rule, long value) {
    for (StepWatcher watcher : all) {
      watcher.guest(vcpu, rule, value);
    }
  }

  @Override
  public void accessed(Vcpu vcpu, boolean store, long address, int size) {
    for (StepWatcher watcher : all) {
      watcher.accessed(vcpu, store, address, size);
    }
  }

  @Override
  public void beforeDeath(Domain domain) {
    for (StepWatcher watcher : all) {
      watcher.beforeDeath(domain);
    }
  }

  @Override
  public void afterDeath(Domain domain) {
    for (StepWatcher watcher : all) {
      watcher.afterDeath(domain);
    }
  }
}
