package org.xenarium.scenarios.vocabulary;

import java.util.ArrayList;
import java.util.List;
import org.xenarium.scenarios.script.Operation;
import org.xenarium.scenarios.script.Progress;

/** All who watch a run, told one after the other in the order in which they came. */
final class RunWatchers implements RunWatcher {
  private final List<RunWatcher> watchers = new ArrayList<>();

  void add(RunWatcher watcher) {
    watchers.add(watcher);
  }

  @Override
  public void begins(int actor, Call call, int pace) {
    for (int i = 0; i < watchers.size(); i++) {
      watchers.get(i).begins(actor, call, pace);
    }
  }

  @Override
  public void goesOn(int actor, int pace) {
    for (int i = 0; i < watchers.size(); i++) {
      watchers.get(i).goesOn(actor, pace);
    }
  }

  @Override
  public void waits(int actor, boolean stuck) {
    for (int i = 0; i < watchers.size(); i++) {
      watchers.get(i).waits(actor, stuck);
    }
  }

  @Override
  public void ended(int actor, Call call, Progress progress) {
    for (int i = 0; i < watchers.size(); i++) {
      watchers.get(i).ended(actor, call, progress);
    }
  }

  @Override
  public void outside(Operation operation, long... numbers) {
    for (int i = 0; i < watchers.size(); i++) {
      watchers.get(i).outside(operation, numbers);
    }
  }

  @Override
  public void played() {
    for (int i = 0; i < watchers.size(); i++) {
      watchers.get(i).played();
    }
  }

  @Override
  public void finished() {
    for (int i = 0; i < watchers.size(); i++) {
      watchers.get(i).finished();
    }
  }
}
