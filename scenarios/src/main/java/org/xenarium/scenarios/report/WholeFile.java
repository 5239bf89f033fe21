package org.xenarium.scenarios.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Files that are there as a whole or not at all: they are written beside their place and then moved into it. */
public final class WholeFile {
  private WholeFile() {}

  /** Writes the text as UTF-8, over what was there. */
  public static void write(Path file, String text) throws IOException {
    Path temporary = file.resolveSibling("." + file.getFileName() + ".part");
    try {
      Files.writeString(temporary, text, UTF_8);
      Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Fails where {@link #write} would fail; there is nothing new afterwards. */
  public static void check(Path file) throws IOException {
    Path temporary = file.resolveSibling("." + file.getFileName() + ".part");
    try {
      if (Files.isDirectory(file)) {
        throw new FileSystemException(file.toString(), null, "it is a folder");
      }
      Files.writeString(temporary, "", UTF_8);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Why a file could not be written, in words about the file itself and not about the one beside it. */
  public static String problem(Path file, IOException e) {
    Path folder = file.toAbsolutePath().getParent();
    String why = Files.isDirectory(file) ? "it is a folder"
        : folder != null && !Files.exists(folder) ? "there is no such folder"
        : folder != null && !Files.isDirectory(folder) ? folder.getFileName() + " is no folder"
        : e instanceof NoSuchFileException ? "no file can be made there"
        : Reason.of(e);
    return file + ": cannot be written: " + why;
  }
}
