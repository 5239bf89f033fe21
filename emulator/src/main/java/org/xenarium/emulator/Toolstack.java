package org.xenarium.emulator;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.domain.Creation;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.DomainConfig;
import org.xenarium.emulator.domain.DomainPart;
import org.xenarium.emulator.domain.ToolstackRule;
import org.xenarium.emulator.domain.World;
import org.xenarium.emulator.evtchn.EventChannelOp;
import org.xenarium.emulator.evtchn.EventChannels;
import org.xenarium.emulator.memory.Mfn;
import org.xenarium.emulator.trace.LifeEvent;
import org.xenarium.emulator.trace.Rule;

/** What Xen answers to the toolstack, and does for it. Keeps nothing of its own. */
final class Toolstack {
  private final World world;
  private final List<Module> modules;

  Toolstack(World world, List<Module> modules) {
    this.world = world;
    this.modules = modules;
  }

  /** The same for a copied world. */
  Toolstack of(World copied) {
    return new Toolstack(copied, modules);
  }

  Creation create(DomainConfig config) {
    Rule refusal = world.refusal(config);
    for (int i = 0; refusal == null && i < modules.size(); i++) {
      refusal = modules.get(i).refusal(config, world.semantics());
    }
    if (refusal != null) {
      return created(config, refusal, null);
    }
    Domain domain = world.addDomain(config);
    if (!complete(domain, config)) {
      world.takeBack(domain);
      return created(config, ToolstackRule.CREATE_04, null);
    }
    world.trace().life(domain.id(), LifeEvent.CREATED, 0);
    return created(config, ToolstackRule.CREATE_05, domain);
  }

  private Creation created(DomainConfig config, Rule rule, @Nullable Domain domain) {
    world.trace().decided(config.id(), 0, 0, rule);
    return new Creation(rule, domain);
  }

  private boolean complete(Domain domain, DomainConfig config) {
    for (Module module : modules) {
      DomainPart part = module.create(domain, config);
      if (part == null) {
        return false;
      }
      domain.attach(part);
    }
    domain.attach(EventChannelOp.create(domain));
    return domain.sharedInfo() != Mfn.NONE;
  }

  ToolstackRule softReset(Domain domain) {
    ToolstackRule rule = domain.isPaused() ? ToolstackRule.SOFTRESET_02 : ToolstackRule.SOFTRESET_01;
    if (domain.isPaused()) {
      EventChannels.of(domain).reset();
      world.trace().life(domain.id(), LifeEvent.SOFT_RESET, 0);
      domain.crash();
    }
    world.trace().decided(domain.id(), 0, 0, rule);
    return rule;
  }
}
