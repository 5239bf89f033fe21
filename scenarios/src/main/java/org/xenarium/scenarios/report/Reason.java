package org.xenarium.scenarios.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why a file or folder cannot be read or written, in a few words that do not name it. */
public final class Reason {
  private Reason() {}

  /** As {@link #of(IOException)}, of what was thrown where no such exception may be. */
  public static String of(UncheckedIOException e) {
    IOException cause = e.getCause();
    return cause == null ? String.valueOf(e.getMessage()) : of(cause);
  }

  /** The reason behind what Java throws, which often is the kind of the exception alone. */
  public static String of(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> "permission denied";
      case NoSuchFileException missing -> "there is no such file or folder";
      case CharacterCodingException bytes -> "it is no text in UTF-8";
      case FileSystemException other when other.getReason() != null -> other.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }
}
