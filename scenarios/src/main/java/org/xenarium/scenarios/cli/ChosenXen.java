package org.xenarium.scenarios.cli;

import org.jspecify.annotations.Nullable;
import org.xenarium.emulator.semantics.Profile;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import picocli.CommandLine.Option;

/** The options that name the Xen to play on, where no file names one. */
final class ChosenXen {
  @Option(
      names = "--release",
      paramLabel = "RELEASE",
      converter = WordConverter.OfRelease.class,
      description = "The release of Xen, such as 4.17; 4.23-dev without it.")
  private @Nullable Release release;

  @Option(names = "--profile", paramLabel = "arm|hvm", converter = WordConverter.OfProfile.class, description = "The kind of machine; arm without it.")
  private @Nullable Profile profile;

  @Option(
      names = "--xsm",
      paramLabel = "dummy|silo",
      converter = WordConverter.OfPolicy.class,
      description = "The security policy; dummy without it.")
  private @Nullable SecurityPolicy policy;

  Semantics semantics() {
    Semantics semantics = new Semantics(release == null ? Release.V4_23_DEV : release, policy == null ? SecurityPolicy.DUMMY : policy);
    return profile == null ? semantics : semantics.withProfile(profile);
  }
}
