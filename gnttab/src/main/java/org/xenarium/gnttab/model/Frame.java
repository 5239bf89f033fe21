package org.xenarium.gnttab.model;

/**
 * A machine frame that belongs to a domain, and what keeps it.
 *
 * @param owner the domain's incarnation
 * @param lent whether it is Xen's and only lent to the domain: shared_info and the frames of its grant table
 * @param allocated whether the owner has not given it back
 * @param uses live handles on it and foreign pages of it in physmaps
 */
record Frame(int owner, boolean lent, boolean allocated, int uses) {
  static Frame ram(int owner) {
    return new Frame(owner, false, true, 0);
  }

  static Frame lent(int owner) {
    return new Frame(owner, true, true, 0);
  }

  /** Does anything keep it? A page of RAM that nothing keeps is free. */
  boolean isHeld() {
    return allocated || uses > 0;
  }

  Frame used(int by) {
    return new Frame(owner, lent, allocated, uses + by);
  }

  Frame givenBack() {
    return new Frame(owner, lent, false, uses);
  }

  @Override
  public String toString() {
    return (lent ? "lent to " : "owned by ") + "domain " + (owner & 0xffff) + (allocated ? "" : ", given back") + ", used " + uses + " times";
  }
}
