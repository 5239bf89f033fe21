package org.xenarium.scenarios.call;

/** Takes what those find and count who look at calls. */
public interface CallFindings {
  /**
   * Something does not hold.
   *
   * @param what a short name: two findings with the same are of the same reason
   */
  void found(String what, String message);

  /** Something that is to hold was put to the test so often; 0 says that it could have been. */
  default void count(String name, long times) {}
}
