package org.xenarium.scenarios.cli;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.semantics.Profile;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import picocli.CommandLine.Option;

/** The options that name another Xen to play on. */
final class OtherXen {
  @Option(
      names = "--release",
      paramLabel = "RELEASE",
      converter = WordConverter.OfRelease.class,
      description = "Play on this release of Xen, such as 4.17, instead of the recorded or described one.")
  private @Nullable Release release;

  @Option(
      names = "--profile",
      paramLabel = "arm|hvm",
      converter = WordConverter.OfProfile.class,
      description = "Play on this kind of machine instead of the recorded or described one.")
  private @Nullable Profile profile;

  @Option(
      names = "--xsm",
      paramLabel = "dummy|silo",
      converter = WordConverter.OfPolicy.class,
      description = "Play under this security policy instead of the recorded or described one.")
  private @Nullable SecurityPolicy policy;

  /** The Xen to play on, for a recording that was made on {@code recorded}, or a scenario that asks for it. */
  Semantics instead(Semantics recorded) {
    Semantics semantics = release == null ? recorded : recorded.withRelease(release);
    semantics = profile == null ? semantics : semantics.withProfile(profile);
    return policy == null ? semantics : semantics.withPolicy(policy);
  }
}
