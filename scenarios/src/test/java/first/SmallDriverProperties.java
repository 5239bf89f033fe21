package first;

import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.xenarium.scenarios.property.Xenarium;
import org.xenarium.scenarios.vocabulary.Manner;
import org.xenarium.scenarios.vocabulary.Move;
import org.xenarium.scenarios.vocabulary.Setting;

class SmallDriverProperties {
  @Property(tries = 300)
  void the_driver_keeps_its_promises(@ForAll("guests") Setting setting, @ForAll List<Move> moves) {
    Xenarium.in(setting).withDriver(1, SmallDriver::new).holdsFor(moves);
  }

  /** Domain 1 uses its driver only; the others keep the rules for hypercalls. */
  @Provide
  Arbitrary<Setting> guests() {
    return Xenarium.settings().manners(Manner.DRIVER, Manner.CAREFUL);
  }
}
