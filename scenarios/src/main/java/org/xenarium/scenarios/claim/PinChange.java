package org.xenarium.scenarios.claim;

import java.util.Arrays;
import java.util.function.IntBinaryOperator;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.gnttab.table.ActiveEntries;
import org.xenarium.gnttab.table.GrantTable;
import org.xenarium.scenarios.campaign.Sometimes;
import org.xenarium.scenarios.vocabulary.Run;
import org.xenarium.scenarios.vocabulary.RunWatcher;

/**
 * What has happened when the pins of an entry are others after a move than before. Entries that guests of the vocabulary use are looked at.
 *
 * @param times how often it has happened if the pin word was the first number and is the second, see {@code Pins}
 */
record PinChange(String name, IntBinaryOperator times) implements Sometimes {
  private static final int ENTRIES = 16;

  @Override
  public void observe(Run run, Runnable happened) {
    run.watch(new RunWatcher() {
      private int[] before = pins(run, new int[run.stage().domains().size() * ENTRIES]);
      private int[] now = new int[before.length];

      @Override
      public void played() {
        pins(run, now);
        for (int i = 0; i < now.length; i++) {
          for (int n = now[i] == before[i] ? 0 : times.applyAsInt(before[i], now[i]); n > 0; n--) {
            happened.run();
          }
        }
        int[] spare = before;
        before = now;
        now = spare;
      }
    });
  }

  private static int[] pins(Run run, int[] into) {
    Arrays.fill(into, 0);
    for (int i = 0; i < into.length / ENTRIES; i++) {
      Domain domain = run.stage().machine().world().domain(run.stage().domains().get(i).id());
      if (domain != null) {
        ActiveEntries active = GrantTable.of(domain).active();
        for (long ref = active.nextPinned(0); ref >= 0 && ref < ENTRIES; ref = active.nextPinned(ref + 1)) {
          into[i * ENTRIES + (int) ref] = active.pin((int) ref);
        }
      }
    }
    return into;
  }
}
