package org.xenarium.gnttab.kit.invariant;

import static org.xenarium.gnttab.kit.invariant.View.demand;

import java.util.ArrayList;
import java.util.List;
import org.xenarium.emulator.domain.Domain;
import org.xenarium.emulator.domain.Life;
import org.xenarium.emulator.physmap.EntryType;
import org.xenarium.emulator.physmap.Physmap;
import org.xenarium.gnttab.kit.invariant.View.Entry;
import org.xenarium.gnttab.kit.invariant.View.Mapping;

/** I31, I32 and I40: live handles and physmap entries of a grant type match (spec §11.5). Needs well-behaved guests. */
final class Mappings {
  private Mappings() {}

  /** As Xen does not record addresses, what can be compared is how many entries and handles there are of each frame and kind. */
  static void i31i32Bijection(View view) {
    for (Domain domain : view.domains()) {
      if (domain.life() == Life.ALIVE) {
        List<String> inPhysmap = inPhysmap(domain);
        List<String> byHandle = byHandle(view, domain);
        demand(
            inPhysmap.equals(byHandle),
            "I31/I32",
            "the physmap of domain %d has grants of %s, its live handles are of %s",
            domain.id(),
            inPhysmap,
            byHandle);
      }
    }
  }

  private static List<String> inPhysmap(Domain domain) {
    List<String> found = new ArrayList<>();
    for (long gfn = domain.physmap().next(0); gfn >= 0; gfn = domain.physmap().next(gfn + 1)) {
      long entry = domain.physmap().entry(gfn);
      EntryType type = Physmap.type(entry);
      if (type.isGrant()) {
        found.add(text(Physmap.mfn(entry), type == EntryType.GRANT_MAP_RO));
      }
    }
    return found.stream().sorted().toList();
  }

  private static List<String> byHandle(View view, Domain domain) {
    List<String> found = new ArrayList<>();
    for (Mapping mapping : view.mappings) {
      for (Entry entry : view.entries) {
        if (mapping.mapper() == domain && mapping.isOf(entry)) {
          found.add(text(entry.mfn(), mapping.readonly()));
        }
      }
    }
    return found.stream().sorted().toList();
  }

  private static String text(long mfn, boolean readonly) {
    return "0x" + Long.toHexString(mfn) + (readonly ? " ro" : " rw");
  }
}
