package org.xenarium.gnttab.model;

/**
 * What was answered.
 *
 * @param status a {@code GNTST_*}; of calls without such, 0 or any other number
 * @param handle of a map
 * @param frame of a map: the machine frame that it says it has mapped
 */
record Answer(int status, int handle, long frame) {
  static final Answer DONE = new Answer(0, 0, 0);

  boolean isOkay() {
    return status == 0;
  }
}
