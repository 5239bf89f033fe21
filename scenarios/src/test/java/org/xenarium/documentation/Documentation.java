package org.xenarium.documentation;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the documentation lies. */
final class Documentation {
  private Documentation() {}

  /** The root of the project: tests run in a module's folder or, in some editors, in the root itself. */
  static Path root() {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve("docs/design.md"))) {
        return folder;
      }
    }
    throw new AssertionError("no folder above " + Path.of("").toAbsolutePath() + " has docs/design.md");
  }

  static Path folder() {
    return root().resolve("docs");
  }
}
