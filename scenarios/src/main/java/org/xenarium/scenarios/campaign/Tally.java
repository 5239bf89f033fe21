package org.xenarium.scenarios.campaign;

/** Where things are counted by name. */
public interface Tally {
  /** Something with that name has happened so often; 0 says that it could have happened. */
  void count(String name, long times);
}
