package first;

import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.PerProperty;
import org.xenarium.documentation.Told;
import org.xenarium.scenarios.property.Caught;
import org.xenarium.scenarios.property.Xenarium;
import org.xenarium.scenarios.vocabulary.Manner;
import org.xenarium.scenarios.vocabulary.Move;
import org.xenarium.scenarios.vocabulary.Setting;
import org.xenarium.scenarios.vocabulary.Vocabulary;

class WrongDriverProperties {
  @Property(seed = "1")
  @PerProperty(Told.class)
  void inverted_end_access(@ForAll("guests") Setting setting, @ForAll List<Move> moves) {
    Xenarium.in(setting).withDriver(1, InvertedDriver::new).holdsFor(moves);
  }

  @Property(seed = "1")
  @PerProperty(Caught.class)
  void look_and_store(@ForAll("guests") Setting setting, @ForAll("grants") List<Move> moves) {
    Xenarium.in(setting).withDriver(1, CarelessDriver::new).holdsFor(moves);
  }

  @Provide
  Arbitrary<List<Move>> grants() {
    return Xenarium.moves(Vocabulary.standard().only("grant_access", "end_access", "map", "unmap"));
  }

  @Provide
  Arbitrary<Setting> guests() {
    return Xenarium.settings().manners(Manner.DRIVER, Manner.CAREFUL);
  }
}
