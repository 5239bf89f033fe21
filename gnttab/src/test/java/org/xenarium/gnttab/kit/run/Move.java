package org.xenarium.gnttab.kit.run;

import java.util.List;

/** One thing that a guest does, or that is done to it. All numbers have a meaning in every state; {@link Run} gives it. */
public sealed interface Move {
  /** A grant_table_op call; {@code preempt} is its planned preemption point, or -1. */
  record Call(int who, int cpu, int preempt, Batch batch) implements Move {}

  /** What a call is of. */
  sealed interface Batch {}

  /** These elements, {@code times} over. */
  record Maps(List<MapElement> elements, int times) implements Batch {}

  record Unmaps(List<UnmapElement> elements, boolean replace) implements Batch {}

  record Copies(List<CopyElement> elements) implements Batch {}

  record Swaps(List<SwapElement> elements) implements Batch {}

  record Flush(int dom, int page, int offset, int length, int operation) implements Batch {}

  record Setup(int dom, int frames, boolean listInHole) implements Batch {}

  record Query(int dom) implements Batch {}

  record Version(int dom, int wanted) implements Batch {}

  record StatusFrames(int dom, int frames) implements Batch {}

  /** A call of whatever command and count, with a pointer into a hole. */
  record Nonsense(int command, int count) implements Batch {}

  record MapElement(int dom, int ref, int flags, int place) {}

  /** Unmaps the {@code nth} mapping that the guest remembers, perhaps at a wrong place; or a handle that it made up. */
  record UnmapElement(int nth, int wrong) {}

  record CopyElement(CopyEnd source, CopyEnd dest, int length) {}

  record CopyEnd(boolean byRef, int dom, int ref, int page, int offset) {}

  record SwapElement(int a, int b) {}

  /** The guest writes one of its entries. */
  record Write(int who, int ref, int flags, int to, int page) implements Move {}

  /** The guest withdraws one of its entries, if nobody uses it. */
  record Withdraw(int who, int ref) implements Move {}

  /** The guest maps a frame of its table. */
  record AddFrame(int who, int index, int place) implements Move {}

  record Remove(int who, int place) implements Move {}

  record Decrease(int who, int page) implements Move {}

  record Populate(int who, int place) implements Move {}

  /** The guest writes into one of its pages, or through a mapping. */
  record Touch(int who, int place, int value) implements Move {}

  /** The toolstack destroys domain C. */
  record Destroy() implements Move {}
}
