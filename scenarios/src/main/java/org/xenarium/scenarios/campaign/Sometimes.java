package org.xenarium.scenarios.campaign;

import org.xenarium.scenarios.vocabulary.Run;

/** Something that is to happen in some run at least: a campaign in which it never does has not looked there. */
public interface Sometimes {
  /** What happens, in a few words, under which it is counted. */
  String name();

  /**
   * Begins to look at a run, from the state that it is in.
   *
   * @param happened to be run each time that it happens
   */
  void observe(Run run, Runnable happened);

  /** How often it happened in runs that have reached those rules; 0 for what only a look at the runs tells. */
  default long times(Coverage reached) {
    return 0;
  }
}
