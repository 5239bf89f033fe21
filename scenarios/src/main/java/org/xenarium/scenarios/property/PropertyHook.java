package org.xenarium.scenarios.property;

import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.Lifespan;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;
import net.jqwik.api.lifecycle.Store;

/**
 * Begins a {@link PropertyRun} for every property, and publishes at its end what was put to the test, or the smallest counterexample. jqwik finds it by
 * itself.
 */
public final class PropertyHook implements AroundPropertyHook {
  /** Where jqwik keeps the run. */
  static final String RUN = "org.xenarium.scenarios.property";

  @Override
  public PropertyExecutionResult aroundProperty(PropertyLifecycleContext context, PropertyExecutor property) {
    String name = context.containerClass().getSimpleName() + "." + context.targetMethod().getName();
    Store<PropertyRun> run = Store.getOrCreate(RUN, Lifespan.PROPERTY, () -> new PropertyRun(name));
    PropertyExecutionResult result = property.execute();
    String held = run.get().held();
    if (result.status() == PropertyExecutionResult.Status.SUCCESSFUL && !held.isEmpty()) {
      context.reporter().publishValue(name, held);
    }
    String counterexample = run.get().counterexample();
    if (result.status() != PropertyExecutionResult.Status.SUCCESSFUL && !counterexample.isEmpty()) {
      context.reporter().publishValue(name, counterexample);
    }
    return result;
  }

  @Override
  public PropagationMode propagateTo() {
    return PropagationMode.ALL_DESCENDANTS;
  }
}
