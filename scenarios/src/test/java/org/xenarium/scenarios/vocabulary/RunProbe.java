package org.xenarium.scenarios.vocabulary;

import java.util.*;
import org.xenarium.emulator.semantics.*;
import org.xenarium.gnttab.driver.DriverVersion;
import org.xenarium.gnttab.invariant.*;
import org.xenarium.scenarios.play.Stage;
import org.xenarium.scenarios.script.*;

public final class RunProbe {
  public static void main(String[] args) throws Exception {
    boolean watch = args.length > 1;
    long runs = Long.parseLong(args[0]);
    int per = 500;
    Vocabulary v = Vocabulary.standard();
    Map<String,Integer> count = new TreeMap<>();
    Map<String,Integer> problems = new TreeMap<>();
    long[] calls = {0};
    Run[] prepared = new Run[64]; Setting[] settings = new Setting[64];
    for (int i = 0; i < 64; i++) { settings[i] = Setting.drawn(new Semantics(Release.V4_17, SecurityPolicy.DUMMY), DriverVersion.CONTRACT, i); prepared[i] = Run.of(settings[i]); for (Move m : v.beginning(settings[i])) prepared[i].play(m); }
    for (int round = 0; round < 3; round++) {
    calls[0] = 0; count.clear(); long moves = 0;
    long t0 = java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    for (long r = 0; r < runs; r++) {
      int k = (int) (r & 63);
      Run run = prepared[k].copy(); run.watch(new RunWatcher() {
        @Override public void begins(int a, Call call, int pace) { if (call.operation().kind() == org.xenarium.scenarios.script.Kind.STRUCT || call.operation().kind() == org.xenarium.scenarios.script.Kind.DRIVER_ARRAY) calls[0]++; count.merge(call.operation().spelling(), 1, Integer::sum); }
        @Override public void outside(Operation o, long... n) { count.merge(o.spelling(), 1, Integer::sum); }
      });
      try {
        if (watch) Invariants.watch(run.stage().machine());

        RandomMoves random = new RandomMoves(v, run, round * 1_000_000L + r, false);
        for (int i = 0; i < per; i++) { random.playOne(); moves++; }
        run.finish();
      } catch (RuntimeException e) {
        String where = e.getStackTrace().length == 0 ? "" : e.getStackTrace()[0] + " " + (e.getStackTrace().length > 1 ? e.getStackTrace()[1] : "");
        String m = e.getClass().getSimpleName() + " " + String.valueOf(e.getMessage()).replaceAll("[0-9]{2,}", "N") + (e instanceof ViolatedException ? "" : " @ " + where);
        if (problems.merge(m, 1, Integer::sum) == 1) System.out.println("seed " + r + " " + m + " / " + settings[k].manners());
      }
    }
    double s = (java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - t0) / 1e9;
    System.out.printf("%d runs %d moves %d hypercalls in %.2f s: %.0f k hypercalls/s%n", runs, moves, calls[0], s, calls[0] / s / 1000);
    }
    System.out.println(count); problems.forEach((k, n) -> System.out.println(n + " x " + k));
  }
}
