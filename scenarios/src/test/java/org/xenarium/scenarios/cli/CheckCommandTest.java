package org.xenarium.scenarios.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xenarium.scenarios.campaign.RunFolder;
import org.xenarium.scenarios.cli.Command.Outcome;

/** What {@code check} and {@code merge} print, write and exit with. */
class CheckCommandTest {
  private static final String[] SMALL = {"check", "--moves", "30", "--property", "revocation"};

  /** A minute, in tenths of seconds. */
  private static final int MOST_WAITS = 600;

  @TempDir Path folder;

  private Outcome check(String... more) throws Exception {
    return Command.run(folder, Stream.concat(Stream.of(SMALL), Stream.of(more)).toArray(String[]::new));
  }

  private Path latest() throws Exception {
    return folder.resolve("runs/latest").toRealPath();
  }

  private List<String> state() throws Exception {
    return Files.readAllLines(latest().resolve("state.tsv"));
  }

  private boolean isAnyRunSaved() throws Exception {
    return Files.exists(latest().resolve("state.tsv")) && state().stream().anyMatch(line -> line.matches("count\truns\t[1-9].*"));
  }

  /** The name of the folder is of the time, and one line is of speed; everything else is always the same. */
  private String steady(Outcome said) throws Exception {
    return said.out().replace(latest().getFileName().toString(), "FOLDER").replaceAll("(?m)^\\d+ runs, .*/s$", "SPEED");
  }

  @Test
  void what_holds_exits_with_0_and_leaves_a_folder_with_everything() throws Exception {
    Outcome said = check("--runs", "100", "--seed", "5", "--junit", "out.xml");
    assertThat(said.status()).isZero();
    assertThat(said.err()).isEmpty();
    assertThat(steady(said))
        .startsWith("seed 5, xenarium 0.1.0, Xen 4.23-dev arm dummy, driver CONTRACT, 30 moves a run, shard 1/1\nproperties: revocation\nfolder: runs/FOLDER\nSPEED\n")
        .endsWith("held in 100 runs; see runs/FOLDER\n");
    assertThat(latest().getFileName().toString()).matches("\\d{8}-\\d{6}-5");
    try (Stream<Path> files = Files.list(latest())) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("coverage.txt", "junit.xml", "lock", "state.tsv", "verdict.txt");
    }
    assertThat(latest().resolve("verdict.txt")).hasContent("held in 100 runs\n");
    assertThat(latest().resolve("coverage.txt")).content().startsWith("Rules (times, rule, operation, condition), never decided first\n           0  ");
    assertThat(folder.resolve("out.xml")).hasSameTextualContentAs(latest().resolve("junit.xml"))
        .content().contains("tests=\"1\" failures=\"0\"", "name=\"revocation\"");
  }

  @Test
  void what_does_not_hold_exits_with_1_and_its_counterexample_does_so_too() throws Exception {
    Outcome said = Command.run(folder, "check", "--driver", "V4", "--property", "guest-invariants", "--runs", "200");
    assertThat(said.status()).isEqualTo(1);
    assertThat(said.out()).contains("run ", ": guest-invariants: G", " steps show it: xenarium run runs/").contains("\nviolated; ");
    try (Stream<Path> files = Files.list(latest().resolve("counterexamples"))) {
      Path file = files.findFirst().orElseThrow();
      Outcome again = Command.run(folder, "run", file.toString());
      assertThat(again.status()).isEqualTo(1);
      String invariant = file.getFileName().toString().replaceAll("-.*", "");
      assertThat(again.out()).contains(invariant + ": expected holds, actual " + invariant + " is violated by domain ");
    }
    assertThat(latest().resolve("verdict.txt")).content().startsWith("violated; ").contains("\nrun ");
    assertThat(latest().resolve("junit.xml")).content().contains("failures=\"1\"", "<failure message=\"G");
  }

  @Test
  void the_properties_are_listed_with_what_they_say() throws Exception {
    Outcome said = Command.run(folder, "check", "--list");
    assertThat(said.status()).isZero();
    assertThat(said.out().lines()).anyMatch(line -> line.matches("hypervisor-invariants +the invariants I1 to I72 .*"))
        .allMatch(line -> line.matches("[a-z-]+ +\\S.*"));
    assertThat(folder).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --shard x                | --shard: expected a part such as 1/4, found 'x'
          --shard 1/2/3            | --shard: expected a part such as 1/4, found '1/2/3'
          --shard 3/2              | --shard: expected one from 1/2 to 2/2, found 3/2
          --shard 1/0              | --shard: expected shards from 1 on, found 1/0
          --time 3                 | Invalid value for option '--time': expected a time such as 90s, 10m or 2h, found '3'
          --time 999999999h        | Invalid value for option '--time': expected a time of at most 100000h, found '999999999h'
          --property revocatio     | --property: there is no property 'revocatio'; did you mean 'revocation'?
          --property x             | --property: there is no property 'x'; --list lists those that there are
          --property none          | --property: 'none' says that nothing is to hold and stands alone, found 'revocation,none'
          --property progress,     | --property: expected names with commas between them, found 'revocation,progress,'
          --property revocation    | --property: expected different names, found 'revocation,revocation'
          --runs 1 --shard 2/2     | --shard: 2/2 has no runs: there are only 1 to be divided
          --runs 0                 | Invalid value for option '--runs': expected a number from 1 to 4611686018427387903, found '0'
          --runs 9223372036854775807 | Invalid value for option '--runs': expected a number from 1 to 4611686018427387903, found '9223372036854775807'
          --runs abc               | Invalid value for option '--runs': expected a number from 1 to 4611686018427387903, found 'abc'
          --moves 2147483648       | Invalid value for option '--moves': expected a number from 1 to 2147483647, found '2147483648'
          --seed x                 | Invalid value for option '--seed': expected a number from -9223372036854775808 to 9223372036854775807, found 'x'
          --max-violations 0       | Invalid value for option '--max-violations': expected a number from 1 to 2147483647, found '0'
          --threads 0              | Invalid value for option '--threads': expected a number from 1 to 1024, found '0'
          --threads 2000000000     | Invalid value for option '--threads': expected a number from 1 to 1024, found '2000000000'
          --resume x               | --resume goes on with the options that the campaign had: --property cannot be given again
          """)
  void options_that_are_wrong_are_told_before_anything_is_written(String options, String problem) throws Exception {
    Outcome said = Command.run(folder, ("check --property revocation " + options).split(" "));
    assertThat(said.err()).isEqualTo("xenarium: " + problem + "\ntry 'xenarium help check'\n");
    assertThat(said.status()).isEqualTo(2);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void a_folder_that_is_none_of_a_campaign_is_refused() throws Exception {
    assertThat(Command.run(folder, "check", "--resume", "no"))
        .isEqualTo(new Outcome(2, "", "xenarium: no: expected the folder of a campaign, found no folder\n"));
    assertThat(Command.run(folder, "check", "--resume", ".").err())
        .isEqualTo("xenarium: .: expected the folder of a campaign, found no state.tsv in it\n");
    Files.write(folder.resolve("state.tsv"), new byte[] {-1});
    assertThat(Command.run(folder, "merge", ".").err()).isEqualTo("xenarium: ./state.tsv: cannot be read: it is no text in UTF-8\n");
    Files.writeString(folder.resolve("state.tsv"), "option\tseed\t1\nx\n");
    assertThat(Command.run(folder, "check", "--resume", ".").err())
        .isEqualTo("xenarium: ./state.tsv:2: expected a line of a campaign's state, found 'x'\n");
    assertThat(Command.run(folder, "merge", ".").status()).isEqualTo(2);
  }

  @Test
  void the_campaign_of_another_version_is_refused_because_its_runs_are_others() throws Exception {
    assertThat(check("--runs", "1").status()).isZero();
    Path file = latest().resolve("state.tsv");
    Files.writeString(file, Files.readString(file).replace("option\tversion\txenarium 0.1.0\n", "option\tversion\txenarium 0.0.9\n"));
    String problem = "/state.tsv:2: a campaign of xenarium 0.0.9, whose runs are not those of xenarium 0.1.0\n";
    assertThat(Command.run(folder, "check", "--resume", "runs/latest")).isEqualTo(new Outcome(2, "", "xenarium: runs/latest" + problem));
    assertThat(Command.run(folder, "merge", "runs/latest")).isEqualTo(new Outcome(2, "", "xenarium: runs/latest" + problem));
  }

  @Test
  void a_campaign_of_a_property_that_there_is_not_is_refused() throws Exception {
    assertThat(check("--runs", "1").status()).isZero();
    Path file = latest().resolve("state.tsv");
    Files.writeString(file, Files.readString(file).replace("option\tproperties\trevocation\n", "option\tproperties\tgone\n"));
    Outcome refused = new Outcome(2, "", "xenarium: runs/latest/state.tsv:11: the option properties cannot be 'gone'\n");
    assertThat(Command.run(folder, "check", "--resume", "runs/latest")).isEqualTo(refused);
    assertThat(Command.run(folder, "merge", "runs/latest")).isEqualTo(refused);
  }

  @Test
  void where_nothing_is_to_hold_nothing_is_said_to_have_held() throws Exception {
    Outcome said = Command.run(folder, "check", "--moves", "30", "--property", "none", "--runs", "10");
    assertThat(said.status()).isZero();
    assertThat(said.out()).contains("\nproperties: none\n", "\nnothing was to hold in 10 runs; see runs/").doesNotContain("held in");
    assertThat(Command.run(folder, "merge", "runs/latest").out()).endsWith("nothing was to hold in 10 runs; 1 of 1 shards\n");
  }

  @Test
  void what_was_cut_short_by_the_violation_of_another_property_is_undecided() throws Exception {
    Command.run(folder, "check", "--driver", "V4", "--property", "guest-invariants,progress,revocation", "--runs", "200");
    assertThat(latest().resolve("verdict.txt")).content().startsWith("violated; 8 runs were made\n");
    assertThat(latest().resolve("junit.xml")).content()
        .contains("tests=\"3\" failures=\"1\" errors=\"2\"", "<error message=\"undecided after 8 runs\"");
    Command.run(folder, "check", "--driver", "V4", "--property", "guest-invariants,progress", "--runs", "8");
    assertThat(latest().resolve("junit.xml")).content().contains("tests=\"2\" failures=\"1\" errors=\"0\"");
  }

  /** The launcher says so, as Java cannot know where standard error goes. */
  @Test
  void progress_is_shown_where_standard_error_is_said_to_be_a_terminal() throws Exception {
    String[] arguments = {
      "check", "--driver", "V4", "--property", "truthful-statuses", "--runs", "20000", "--max-violations", "9", "--time", "3s"
    };
    Outcome said = new Command(folder, List.of("-Dxenarium.progress=true"), arguments).run();
    assertThat(said.err()).containsPattern("\r\\d+ runs, \\d+ runs/s, .* rules \\R").contains("\nmaking run 4 smaller\n");
  }

  @Test
  void what_cannot_be_written_is_named() throws Exception {
    Files.writeString(folder.resolve("file"), "");
    Outcome said = check("--runs", "1", "-o", "file/runs");
    assertThat(said.err()).startsWith("xenarium: file/runs: cannot be written: ").hasLineCount(1);
    assertThat(said.status()).isEqualTo(2);
    assertThat(check("--runs", "1", "--junit", "no/out.xml"))
        .isEqualTo(new Outcome(2, "", "xenarium: no/out.xml: cannot be written: there is no such folder\n"));
    assertThat(folder.resolve("runs")).as("nothing is begun").doesNotExist();
  }

  @Test
  void time_that_is_up_before_the_runs_are_done_leaves_it_undecided_and_it_can_be_gone_on_with() throws Exception {
    Outcome said = check("--runs", "100000000", "--time", "1s");
    assertThat(said.status()).isEqualTo(3);
    assertThat(steady(said)).contains("undecided after ").endsWith("to go on: xenarium check --resume runs/FOLDER\n");
    assertThat(latest().resolve("junit.xml")).content().contains("errors=\"1\"", "<error message=\"undecided after ");
    Outcome again = Command.run(folder, "check", "--resume", latest().toString(), "--time", "1s");
    assertThat(again.status()).isEqualTo(3);
    assertThat(again.out()).contains("seed 1, ", "30 moves a run", "properties: revocation");
    Outcome throughLink = Command.run(folder, "check", "--resume", "runs/latest", "--time", "1s");
    assertThat(throughLink.out()).contains("\nfolder: " + latest() + "\n").endsWith("to go on: xenarium check --resume " + latest() + "\n");
  }

  @Test
  void as_many_runs_as_there_is_time_for_decide() throws Exception {
    assertThat(check("--time", "1s").status()).isZero();
  }

  /** SIGTERM, which comes the same way as Ctrl-C: a shell that runs this in the background has its children ignore SIGINT. */
  @Test
  void an_interrupt_keeps_what_is_done_and_exits_with_3() throws Exception {
    String[] arguments = Stream.concat(Stream.of(SMALL), Stream.of("--runs", "100000000")).toArray(String[]::new);
    Command command = new Command(folder, List.of(), arguments);
    Process process = command.start();
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(reader.readLine()).startsWith("seed 1, ");
      for (int i = 0; i < MOST_WAITS && !isAnyRunSaved(); i++) {
        Thread.sleep(100);
      }
      assertThat(new ProcessBuilder("kill", "-TERM", String.valueOf(process.pid())).start().waitFor()).isZero();
      assertThat(reader.lines()).anyMatch(line -> line.startsWith("undecided after ")).last().asString().startsWith("to go on: ");
    }
    assertThat(command.await(process).status()).isEqualTo(3);
    assertThat(state()).anySatisfy(line -> assertThat(line).matches("count\truns\t[1-9].*"));
    assertThat(latest().resolve("verdict.txt")).content().startsWith("undecided after ");
  }

  @Test
  void two_processes_say_and_write_the_same_apart_from_times() throws Exception {
    Outcome first = check("--runs", "200", "--threads", "1");
    String said = steady(first);
    Path one = latest();
    Command other = new Command(folder, List.of("-Duser.language=tr", "-Duser.timezone=Asia/Tokyo", "-Xmx200m"),
        Stream.concat(Stream.of(SMALL), Stream.of("--runs", "200", "--threads", "2")).toArray(String[]::new));
    assertThat(steady(other.with("LC_ALL", "C").run())).isEqualTo(said);
    assertThat(latest()).isNotEqualTo(one);
    for (String file : List.of("state.tsv", "coverage.txt", "junit.xml", "verdict.txt")) {
      assertThat(latest().resolve(file)).hasSameTextualContentAs(one.resolve(file));
    }
  }

  @Test
  void shards_are_merged_and_what_does_not_belong_together_is_refused() throws Exception {
    for (String shard : List.of("1/2", "2/2")) {
      assertThat(check("--runs", "100", "--shard", shard, "-o", shard.substring(0, 1)).status()).isZero();
    }
    assertThat(check("--runs", "100", "-o", "whole").status()).isZero();
    Outcome merged = Command.run(folder, "merge", "1/latest", "2/latest", "--coverage", "both.txt");
    assertThat(merged.status()).isZero();
    assertThat(merged.out())
        .startsWith("seed 1, xenarium 0.1.0, Xen 4.23-dev arm dummy, driver CONTRACT, 30 moves a run, 2 of 2 shards\nproperties: revocation\n")
        .endsWith("held in 100 runs; 2 of 2 shards\n");
    assertThat(folder.resolve("both.txt")).hasSameTextualContentAs(folder.resolve("whole/latest/coverage.txt"));
    Map.of("1/latest 1/latest", "1/latest: shard 1 is there twice",
        "1/latest whole/latest",
            "whole/latest: a shard of another campaign than 1/latest: seed, runs, moves, Xen, driver or properties differ",
        "1/latest 2", "2: expected the folder of a campaign, found no state.tsv in it").forEach((folders, problem) -> {
          try {
            assertThat(Command.run(folder, ("merge " + folders).split(" "))).isEqualTo(new Outcome(2, "", "xenarium: " + problem + "\n"));
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
    Outcome half = Command.run(folder, "merge", "2/latest");
    assertThat(half.status()).isEqualTo(3);
    assertThat(half.out()).endsWith("undecided after 50 runs; 1 of 2 shards\nshard 1 is missing; to play it: xenarium check --property revocation "
        + "--runs 100 --moves 30 --seed 1 --shard 1/2 --driver CONTRACT --release 4.23-dev --profile arm --xsm dummy --max-violations 1\n");
  }

  @Test
  void shards_that_have_no_runs_are_not_missing() throws Exception {
    for (String shard : List.of("1", "2", "3")) {
      assertThat(check("--runs", "3", "--shard", shard + "/8", "-o", shard).status()).isZero();
    }
    assertThat(Command.run(folder, "merge", "1/latest").out()).contains("\nundecided after 1 run; 1 of 3 shards\nshards 2 to 3 are missing; ");
    Outcome merged = Command.run(folder, "merge", "1/latest", "2/latest", "3/latest");
    assertThat(merged.out()).endsWith("held in 3 runs; 3 of 3 shards\n");
    assertThat(merged.status()).isZero();
  }

  @Test
  void a_shard_that_would_have_no_runs_in_the_other_campaign_is_refused() throws Exception {
    check("--runs", "1", "-o", "one");
    check("--runs", "10", "--shard", "2/2", "-o", "ten");
    assertThat(Command.run(folder, "merge", "one/latest", "ten/latest")).isEqualTo(new Outcome(2, "",
        "xenarium: ten/latest: a shard of another campaign than one/latest: seed, runs, moves, Xen, driver or properties differ\n"));
  }

  @Test
  void a_shard_that_is_not_finished_is_named_with_how_to_go_on() throws Exception {
    check("--runs", "100000000", "--time", "1s", "--shard", "2/9");
    Outcome merged = Command.run(folder, "merge", "runs/latest");
    assertThat(merged.status()).isEqualTo(3);
    assertThat(merged.out().lines().toList()).contains("shard 2 is not finished; to go on: xenarium check --resume " + latest())
        .anyMatch(line -> line.startsWith("shard 1 is missing; to play it: "))
        .anyMatch(line -> line.startsWith("shards 3 to 9 are missing; to play the first: xenarium check ") && line.contains(" --shard 3/9 "));
  }

  @Test
  void names_of_properties_may_have_spaces_between_them() throws Exception {
    Outcome said = Command.run(folder, "check", "--moves", "30", "--runs", "1", "--property", "revocation, progress");
    assertThat(said.out()).contains("\nproperties: revocation, progress\n").endsWith("held in 1 run; see runs/" + latest().getFileName() + "\n");
  }

  @Test
  void commands_are_told_as_the_launcher_was_called_and_quoted() throws Exception {
    String[] arguments = {"check", "--driver", "V4", "--property", "truthful-statuses", "--runs", "8", "-o", "a b"};
    Outcome said = new Command(folder, List.of("-Dxenarium.name=./my xenarium"), arguments).run();
    assertThat(said.out()).containsPattern("steps show it: '\\./my xenarium' run 'a b/\\S+/counterexamples/G3-4\\.yaml'\\R");
  }

  @Test
  void what_never_happened_is_listed_as_people_count_with_what_it_says() throws Exception {
    Outcome said = Command.run(folder, "check", "--property", "guest-invariants", "--moves", "1", "--runs", "2");
    assertThat(said.out()).contains("\nnever happened:\n").containsSubsequence(
        "  G9   a call that fails leaves everything as it was\n", "  G10  a call that is refused in advance issues no hypercall\n",
        "  a maptrack is full\n");
  }

  @Test
  void what_is_violated_is_said_once_and_its_sentence_below_it() throws Exception {
    Outcome said = Command.run(folder, "check", "--driver", "V4", "--property", "truthful-statuses", "--runs", "8");
    String sentence = "end_access reports a release exactly if the entry is cleared and nobody has it pinned";
    assertThat(said.out()).containsOnlyOnce(sentence).contains(", which is not so\n  G3: " + sentence + "\n").doesNotContain("  G3   ");
  }

  @Test
  void only_one_process_at_a_time_goes_on_with_a_campaign() throws Exception {
    check("--runs", "100000000", "--time", "1s");
    try (RunFolder mine = RunFolder.open(latest())) {
      assertThat(Command.run(folder, "check", "--resume", "runs/latest", "--time", "1s"))
          .isEqualTo(new Outcome(2, "", "xenarium: " + latest() + ": another process goes on with this campaign at the moment\n"));
    }
    assertThat(Command.run(folder, "check", "--resume", "runs/latest", "--time", "1s").status()).isEqualTo(3);
  }

  /** 64 such runs take more than ten times as long. */
  @Test
  void time_is_kept_with_long_runs_too() throws Exception {
    Outcome said = Command.run(folder, "check", "--property", "revocation", "--moves", "20000", "--time", "1s", "--threads", "1");
    assertThat(said.status()).isZero();
    assertThat(state().stream().filter(line -> line.startsWith("done\t")).findFirst().orElseThrow()).matches("done\t[1-9]\\d?");
  }

  @Test
  void the_help_of_check_speaks_of_no_recording() throws Exception {
    assertThat(Command.run(folder, "help", "check").out()).contains("--release").doesNotContain("recorded");
  }
}
