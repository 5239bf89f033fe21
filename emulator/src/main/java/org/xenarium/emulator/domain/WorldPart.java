package org.xenarium.emulator.domain;

import org.xenarium.emulator.state.Digest;

/** What somebody keeps for a machine as a whole, whichever domains come and go: copied and digested with it. */
public interface WorldPart {
  /** This part for a copied world. */
  WorldPart copy();

  void digest(Digest digest);
}
