package org.xenarium.gnttab.kit;

import java.util.function.UnaryOperator;
import org.xenarium.emulator.Machine;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.MemoryConfig;
import org.xenarium.emulator.semantics.Profile;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.gnttab.Gnttab;
import org.xenarium.gnttab.table.GrantLimits;
import org.xenarium.gnttab.table.GrantOptions;

/** How a bench differs from the usual one. */
public final class Setup {
  /** First machine frame of A's RAM; the others' follow. No gfn is its own mfn. */
  private static final long FIRST_RAM = 0x41000;

  private static final int MOST = 4;

  private final DomainConfig[] configs = new DomainConfig[MOST];
  private SecurityPolicy policy = SecurityPolicy.DUMMY;
  private Release release = Release.V4_23_DEV;
  private Profile profile = Profile.ARM;
  private GrantOptions options = GrantOptions.ARM;
  private long seed;
  private long frames = 0x8000;

  Setup() {
    configs[Bench.A] = DomainConfig.guest(Bench.A, Bench.PAGES);
    configs[Bench.B] = DomainConfig.guest(Bench.B, Bench.PAGES);
  }

  public Setup policy(SecurityPolicy value) {
    policy = value;
    return this;
  }

  public Setup release(Release value) {
    release = value;
    return this;
  }

  public Setup seed(long value) {
    seed = value;
    return this;
  }

  /** How many machine frames the host has, RAM of the domains included. */
  public Setup hostFrames(long value) {
    frames = value;
    return this;
  }

  public Setup limits(int domid, int maxFrames, int maxMaptrackFrames) {
    configs[domid] = configs[domid].with(GrantLimits.class, new GrantLimits(maxFrames, maxMaptrackFrames));
    return this;
  }

  /** That domain may switch its table to version 2, and so does the host allow. */
  public Setup v2(int domid) {
    options = options.withMaxVersion(2);
    configs[domid] = configs[domid].with(GrantLimits.class, new GrantLimits(64, 1024, 2));
    return this;
  }

  /** That domain was created with a highest version of its own. */
  public Setup maxVersion(int domid, int version) {
    configs[domid] = configs[domid].with(GrantLimits.class, new GrantLimits(64, 1024, version));
    return this;
  }

  /** On another kind of machine than Arm, as it boots there. */
  public Setup profile(Profile value) {
    profile = value;
    options = value == Profile.ARM ? GrantOptions.ARM : GrantOptions.HVM;
    return this;
  }

  /** What the host was built and booted with. */
  public Setup options(UnaryOperator<GrantOptions> change) {
    options = change.apply(options);
    return this;
  }

  public Setup vcpus(int domid, int count) {
    configs[domid] = configs[domid].withVcpus(count);
    return this;
  }

  public Setup maxPages(int domid, long pages) {
    DomainConfig old = configs[domid];
    configs[domid] = old.withMaxPages(pages);
    return this;
  }

  /** That domain has so many pages for the tables of its physmap. */
  public Setup pool(int domid, long pages) {
    configs[domid] = configs[domid].withMemory(MemoryConfig.ORDINARY.withPoolPages(pages));
    return this;
  }

  /** Domain C exists too. */
  public Setup third() {
    configs[Bench.C] = DomainConfig.guest(Bench.C, Bench.PAGES);
    return this;
  }

  /** That domain is a control domain. */
  public Setup control(int domid) {
    configs[domid] = configs[domid].withPrivilege(true);
    return this;
  }

  public Bench start() {
    Machine machine =
        Machine.builder()
            .module(new Gnttab())
            .semantics(new Semantics(release, policy).withProfile(profile).with(GrantOptions.class, options))
            .memory(FIRST_RAM, frames)
            .reach(Bench.REACH)
            .seed(seed)
            .build();
    Bench bench = new Bench(machine);
    for (DomainConfig config : configs) {
      if (config != null) {
        Domain domain = machine.createDomain(config);
        domain.ownRam(Bench.RAM, FIRST_RAM + (long) Bench.PAGES * (config.id() - 1), Bench.PAGES);
      }
    }
    if (options.built()) {
      bench.a().memory().addGrantFrame(0, Bench.TABLE);
      bench.a().grant(Bench.ENTRY, Bench.B, Bench.GRANTED);
    }
    bench.forgetDecisions();
    return bench;
  }
}
