package org.xenarium.scenarios.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command in a process of its own, started as {@code ./xenarium} starts it. */
final class Command {
  /** Far more than any call takes; a call that hangs must end some time. */
  private static final long SECONDS = 120;

  private final ProcessBuilder builder;
  private final Path out;
  private final Path err;

  /** What became of a call. */
  record Outcome(int status, String out, String err) {}

  /** A call in a folder, to which its paths are relative. */
  Command(Path folder, List<String> options, String... arguments) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dstdout.encoding=UTF-8", "-Dstderr.encoding=UTF-8"));
    line.addAll(options);
    line.addAll(List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
    line.add(XenariumCommand.class.getName());
    line.addAll(List.of(arguments));
    builder = new ProcessBuilder(line).directory(folder.toFile());
    // Said by every JVM that finds such a variable.
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().remove("_JAVA_OPTIONS");
    out = Files.createTempFile("xenarium", ".out");
    err = Files.createTempFile("xenarium", ".err");
    builder.redirectError(err.toFile());
  }

  static Outcome run(Path folder, String... arguments) throws IOException, InterruptedException {
    return new Command(folder, List.of(), arguments).run();
  }

  Command with(String variable, String value) {
    builder.environment().put(variable, value);
    return this;
  }

  Outcome run() throws IOException, InterruptedException {
    builder.redirectOutput(out.toFile());
    return await(builder.start());
  }

  /** Starts the process; its output is to be read from it. */
  Process start() throws IOException {
    return builder.start();
  }

  /** Waits for the end of a process. What it wrote to its standard output is known only where nobody else has read it. */
  Outcome await(Process process) throws IOException, InterruptedException {
    boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertThat(ended).as("the command ends").isTrue();
    return new Outcome(process.exitValue(), read(out), read(err));
  }

  private static String read(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.UTF_8);
    Files.delete(file);
    return text;
  }
}
