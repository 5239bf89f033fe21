package org.xenarium.gnttab.kit.run;

import static org.xenarium.gnttab.kit.Bench.A;
import static org.xenarium.gnttab.kit.Bench.B;
import static org.xenarium.gnttab.kit.Bench.C;
import static org.xenarium.gnttab.kit.Bench.NOBODY;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.xenarium.emulator.domain.DomId;

/** What guests can do, as draws from a {@link Choice}: good and bad arguments mixed, the good ones more often. */
public final class Vocabulary {
  private final Choice choice;

  private Vocabulary(Choice choice) {
    this.choice = choice;
  }

  public static Move draw(Choice choice) {
    return new Vocabulary(choice).move();
  }

  /** The first {@code count} moves of a seed. */
  public static List<Move> draw(long seed, int count) {
    Choice choice = Choice.seeded(seed);
    List<Move> moves = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      moves.add(draw(choice));
    }
    return moves;
  }

  private Move move() {
    int verb = choice.below(100);
    if (verb < 30) {
      return call(new Move.Maps(some(3, this::mapElement), choice.below(12) == 11 ? 100 : 1));
    }
    if (verb < 46) {
      return call(new Move.Unmaps(some(choice.below(6) == 5 ? 40 : 4, this::unmapElement), choice.below(8) == 7));
    }
    if (verb < 60) {
      return call(new Move.Copies(some(4, this::copyElement)));
    }
    if (verb < 74) {
      return write();
    }
    return verb < 88 ? call(rareBatch()) : rareMove();
  }

  private Move call(Move.Batch batch) {
    return new Move.Call(choice.of(B, B, B, B, A, C), choice.below(2), choice.of(-1, -1, -1, 0, 1, 2), batch);
  }

  private <T> List<T> some(int most, Supplier<T> element) {
    int count = 1 + choice.below(most);
    List<T> elements = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      elements.add(element.get());
    }
    return elements;
  }

  /** Mostly the first, now and then one of the others. */
  private int mostly(int usual, int... others) {
    return choice.below(8) < 7 ? usual : choice.of(others);
  }

  private Move.MapElement mapElement() {
    int flags = mostly(choice.of(2, 6), 0, 4, 3, 0x12, 0x0a, 0x22, 0x10006);
    return new Move.MapElement(dom(), ref(), flags, choice.below(Places.COUNT));
  }

  private Move.UnmapElement unmapElement() {
    return new Move.UnmapElement(choice.below(64), mostly(0, 1, 2, 3, 4, 5));
  }

  private Move.CopyElement copyElement() {
    return new Move.CopyElement(copyEnd(), copyEnd(), mostly(16, 0, 1, 100, 4096, 4097, 0xffff));
  }

  private Move.CopyEnd copyEnd() {
    boolean byRef = choice.below(2) == 0;
    int dom = byRef ? mostly(dom(), DomId.SELF, NOBODY) : mostly(DomId.SELF, A, NOBODY);
    return new Move.CopyEnd(byRef, dom, ref(), choice.below(Places.COUNT), mostly(0, 8, 4000, 4095, 5000));
  }

  private Move write() {
    int flags = mostly(choice.of(1, 1, 5), 0, 2, 3, 0x101, 0x21, 0x19, 0xffff);
    return new Move.Write(granter(), ref(), flags, mostly(choice.of(B, B, A, C), NOBODY, DomId.SELF), choice.below(Places.COUNT));
  }

  private Move.Batch rareBatch() {
    return switch (choice.below(8)) {
      case 0, 1 -> new Move.Swaps(some(3, () -> new Move.SwapElement(ref(), ref())));
      case 2, 3 -> new Move.Flush(dom(), choice.below(Places.COUNT), mostly(0, 4095, 4096), mostly(64, 1, 0), mostly(1, 3, 0, 4));
      case 4 -> new Move.Setup(target(), choice.of(1, 2, 3, 0, -1), choice.below(4) == 3);
      case 5 -> choice.below(2) == 0 ? new Move.Query(target()) : new Move.StatusFrames(target(), choice.below(2));
      case 6 -> new Move.Version(target(), choice.below(5));
      default -> new Move.Nonsense(choice.of(0, 1, 2, 3, 4, 5, 6, 11, 12, 13, 0x1000), choice.of(1, 0, -1, 2));
    };
  }

  private Move rareMove() {
    return switch (choice.below(14)) {
      case 0, 1 -> new Move.AddFrame(granter(), choice.below(3), choice.below(Places.COUNT));
      case 2 -> new Move.Remove(granter(), choice.below(Places.COUNT));
      case 3, 4 -> new Move.Decrease(granter(), choice.below(Places.COUNT));
      case 5, 6 -> new Move.Populate(granter(), choice.below(Places.COUNT));
      case 7, 8, 9, 10 -> new Move.Touch(granter(), choice.below(Places.COUNT), choice.below(256));
      case 11 -> new Move.Destroy();
      default -> new Move.Withdraw(granter(), ref());
    };
  }

  private int granter() {
    return choice.of(A, A, B, C);
  }

  private int dom() {
    return mostly(choice.of(A, A, A, C), B, NOBODY, DomId.SELF);
  }

  private int target() {
    return choice.of(DomId.SELF, DomId.SELF, A, B, C, NOBODY);
  }

  private int ref() {
    return mostly(choice.of(8, 9, 10), 11, 0, 511, 512, 1023, -1);
  }
}
