package org.xenarium.scenarios.property;

import java.util.Locale;
import java.util.StringJoiner;
import net.jqwik.api.SampleReportingFormat;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.scenarios.script.DomainSetup;
import org.xenarium.scenarios.vocabulary.Setting;

/** How jqwik shows a setting of which something does not hold: in a line. It finds this by itself. */
public final class SettingFormat implements SampleReportingFormat {
  @Override
  public boolean appliesTo(Object value) {
    return value instanceof Setting;
  }

  @Override
  public Object report(Object value) {
    return SampleReportingFormat.plainLabel(value instanceof Setting setting ? line(setting) : String.valueOf(value));
  }

  private static String line(Setting setting) {
    Semantics xen = setting.scenario().machine().semantics();
    StringJoiner domains = new StringJoiner(", ");
    for (int i = 0; i < setting.manners().size(); i++) {
      DomainSetup domain = setting.scenario().domains().get(i);
      String vcpus = domain.vcpus() == 1 ? "" : " with " + domain.vcpus() + " vCPUs";
      domains.add(domain.name() + " " + setting.manners().get(i).name().toLowerCase(Locale.ROOT) + vcpus);
    }
    return domains + "; Xen " + xen.release() + (setting.interleaves() ? "; calls are interrupted" : "; one call after the other");
  }
}
