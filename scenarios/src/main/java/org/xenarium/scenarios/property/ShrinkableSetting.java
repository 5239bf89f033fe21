package org.xenarium.scenarios.property;

import java.util.stream.Stream;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.ShrinkingDistance;
import org.xenarium.scenarios.vocabulary.Setting;

/** A setting that becomes plainer by one thing at a time, but never in what was asked for. */
final class ShrinkableSetting implements Shrinkable<Setting> {
  private final Setting setting;
  private final SettingArbitrary asked;

  ShrinkableSetting(Setting setting, SettingArbitrary asked) {
    this.setting = setting;
    this.asked = asked;
  }

  @Override
  public Setting value() {
    return setting;
  }

  @Override
  public Stream<Shrinkable<Setting>> shrink() {
    if (PropertyRun.current().isReduced()) {
      return Stream.empty();
    }
    return setting.plainer().stream().filter(asked::allows).map(plainer -> new ShrinkableSetting(plainer, asked));
  }

  @Override
  public ShrinkingDistance distance() {
    return ShrinkingDistance.of(setting.scenario().domains().size(), setting.plainer().size());
  }
}
