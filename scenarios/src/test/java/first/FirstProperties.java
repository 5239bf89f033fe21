package first;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.xenarium.scenarios.property.Xenarium;
import org.xenarium.scenarios.vocabulary.Move;
import org.xenarium.scenarios.vocabulary.Setting;

class FirstProperties {
  @Property(tries = 300, seed = "1")
  void all_is_well(@ForAll Setting setting, @ForAll List<Move> moves) {
    Xenarium.check(setting, moves);
  }
}
