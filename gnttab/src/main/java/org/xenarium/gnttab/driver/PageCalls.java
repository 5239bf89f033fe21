package org.xenarium.gnttab.driver;

/** Which of the calls for pages a driver has. */
final class PageCalls {
  private PageCalls() {}

  /**
   * Refuses a call that the driver does not have.
   *
   * @param name the call as it is named today
   * @param count pages, unsigned
   */
  static void demand(DriverConfig config, String name, int count) {
    if (config.has(DriverDifference.NO_PAGES)) {
      throw new NoSuchCallException(name, "in this version of the driver");
    }
    if (config.has(DriverDifference.SINGLE_PAGES) && count != 1) {
      throw new NoSuchCallException(name, "in this version of the driver, which gets and puts one page at a time");
    }
  }
}
