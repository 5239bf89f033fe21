package org.xenarium.scenarios.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Why a file cannot be read or written is told in words, and before it is needed. */
class ReasonTest {
  @TempDir Path folder;

  @Test
  void eachKindOfExceptionHasItsWords() {
    assertThat(Reason.of(new AccessDeniedException("x"))).isEqualTo("permission denied");
    assertThat(Reason.of(new UncheckedIOException(new AccessDeniedException("x")))).isEqualTo("permission denied");
    assertThat(Reason.of(new NoSuchFileException("x"))).isEqualTo("there is no such file or folder");
    assertThat(Reason.of(new MalformedInputException(1))).isEqualTo("it is no text in UTF-8");
    assertThat(Reason.of(new FileSystemException("x", null, "No space left on device"))).isEqualTo("No space left on device");
    assertThat(Reason.of(new IOException("it is broken"))).isEqualTo("it is broken");
  }

  @Test
  void aFileThatCanBeWrittenIsNotThereAfterItWasChecked() throws Exception {
    WholeFile.check(folder.resolve("new"));
    assertThat(folder).isEmptyDirectory();
    Files.writeString(folder.resolve("old"), "text");
    WholeFile.check(folder.resolve("old"));
    assertThat(folder.resolve("old")).hasContent("text");
  }

  @Test
  void aFileThatCannotBeWrittenFailsTheCheck() {
    assertThatThrownBy(() -> WholeFile.check(folder)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> WholeFile.check(folder.resolve("no/file"))).isInstanceOf(IOException.class);
    assertThat(folder).isEmptyDirectory();
  }
}
