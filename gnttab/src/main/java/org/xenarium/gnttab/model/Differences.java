package org.xenarium.gnttab.model;

/** Takes what a model watch finds. */
@FunctionalInterface
public interface Differences {
  /** Throws a {@link DifferentException} for the first difference. */
  Differences THROW = difference -> {
    throw new DifferentException(difference);
  };

  /** The machine and the model differ. The watch goes on from what the machine has. */
  void found(Difference difference);
}
