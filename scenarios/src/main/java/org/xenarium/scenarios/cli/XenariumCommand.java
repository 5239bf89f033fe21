package org.xenarium.scenarios.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.xenarium.scenarios.campaign.Campaign;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code xenarium} command. */
@Command(
    name = "xenarium",
    description = "A deterministic emulator of Xen domains, physmaps, extended regions and grant tables.",
    subcommands = {
      RunCommand.class, RecordCommand.class, ConvertCommand.class, ReplayCommand.class, CoverageCommand.class, CheckCommand.class,
      MergeCommand.class, CommandLine.HelpCommand.class
    },
    mixinStandardHelpOptions = true,
    version = Campaign.VERSION)
public final class XenariumCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command? '" + Shell.command("help") + "' lists them");
  }

  /** Runs the command and exits with its status. */
  public static void main(String[] args) {
    Output output = new Output();
    System.exit(output.close(execute(args, output)));
  }

  private static int execute(String[] args, Output output) {
    try {
      return commandLine(output).execute(args);
    } catch (StackOverflowError | OutOfMemoryError | AssertionError e) {
      System.err.println("xenarium: an error of xenarium itself, please report it: " + e);
      return ExitStatus.INTERNAL;
    }
  }

  private static CommandLine commandLine(Output output) {
    CommandLine line = new CommandLine(new XenariumCommand());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setOut(output.writer());
    line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    line.setExecutionExceptionHandler(XenariumCommand::internalError);
    line.setParameterExceptionHandler((e, args) -> badUsage(e));
    return line;
  }

  private static int badUsage(ParameterException e) {
    CommandLine line = e.getCommandLine();
    line.getErr().println("xenarium: " + e.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(e, line.getErr());
    String help = line.getParent() == null ? Shell.command("help") : Shell.command("help", line.getCommandName());
    line.getErr().println("try '" + help + "'");
    return ExitStatus.BAD_INPUT;
  }

  private static int internalError(Exception e, CommandLine line, CommandLine.ParseResult parsed) {
    if (e instanceof OutputClosedException) {
      return ExitStatus.BAD_INPUT;
    }
    line.getErr().println("xenarium: an error of xenarium itself, please report it: " + e);
    e.printStackTrace(line.getErr());
    return ExitStatus.INTERNAL;
  }
}
