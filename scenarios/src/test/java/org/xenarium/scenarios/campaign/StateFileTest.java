package org.xenarium.scenarios.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xenarium.emulator.semantics.Profile;
import org.xenarium.emulator.semantics.Release;
import org.xenarium.emulator.semantics.SecurityPolicy;
import org.xenarium.emulator.semantics.Semantics;
import org.xenarium.gnttab.driver.DriverVersion;

/** What a campaign keeps of itself can be read again, and what is no such file is told with its line. */
class StateFileTest {
  private static final CampaignOptions OPTIONS =
      new CampaignOptions(-3, 500, 60, 2, 3, new Semantics(Release.V4_17, SecurityPolicy.SILO).withProfile(Profile.HVM), DriverVersion.V4,
          List.of("one", "two"), 5);

  @TempDir Path folder;
  private Path file;
  private CampaignState state;

  @BeforeEach
  void aStateWithSomethingOfEachKind() throws Exception {
    file = folder.resolve("state.tsv");
    state = SmallCampaign.played(SmallCampaign.options(70, 1, 1, SmallCampaign.BOTH, 99), SmallCampaign.BOTH, 2);
    state.coverage().count("never seen", 0);
    state.add(new Violated(3, new Finding("one", "I19", "a message")));
    Files.write(file, StateFile.lines(OPTIONS, state));
  }

  @Test
  void what_was_written_is_read_again() throws Exception {
    StateFile.Read read = StateFile.read(file, OPTIONS.properties());
    assertThat(read.options()).isEqualTo(OPTIONS);
    assertThat(read.state().violations()).isEqualTo(state.violations()).hasSize(3);
    assertThat(read.state().done()).isEqualTo(70);
    assertThat(read.state().coverage().counts()).isEqualTo(state.coverage().counts()).containsEntry("never seen", 0L);
    assertThat(read.state().coverage().pairCount()).isEqualTo(state.coverage().pairCount()).isPositive();
    assertThat(StateFile.lines(read.options(), read.state())).isEqualTo(Files.readAllLines(file));
  }

  @Test
  void a_message_of_several_lines_becomes_one() throws Exception {
    state.add(new Violated(4, new Finding("two", "x", "first\n\tsecond")));
    Files.write(file, StateFile.lines(OPTIONS, state));
    assertThat(StateFile.read(file, OPTIONS.properties()).state().violations()).last().isEqualTo(new Violated(4, new Finding("two", "x", "first second")));
  }

  /** A line instead of another one, and what is said of it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          option~seed~-3       | option~seed~three    | 3: the option seed cannot be 'three'
          option~runs~500      | option~runs~0        | 4: the option runs cannot be '0'
          option~shard~2/3     | option~shard~4/3     | 6: the option shard cannot be '4/3'
          option~shard~2/3     | option~shard~2       | 6: the option shard cannot be '2'
          option~release~4.17  | option~release~4.1   | 7: the option release cannot be '4.1'
          option~driver~V4     | option~driver~V44    | 10: the option driver cannot be 'V44'
          option~moves~60      | count~x~1            | the option moves is missing
          done~70           | done~two         | 13: expected a line of a campaign's state, found 'done~two'
          done~70           | done~-2          | 13: expected a line of a campaign's state, found 'done~-2'
          done~70           | portions~70           | 13: expected a line of a campaign's state, found 'portions~70'
          done~70           | rule~MAP-77~3        | 13: expected a line of a campaign's state, found 'rule~MAP-77~3'
          done~70           | violation~1~one      | 13: expected a line of a campaign's state, found 'violation~1~one'
          option~moves~60      | option~moves~4294967297 | 5: the option moves cannot be '4294967297'
          option~max-violations~5 | option~max-violations~4294967297 | 12: the option max-violations cannot be '4294967297'
          option~runs~500      | option~runs~9223372036854775807 | 4: the option runs cannot be '9223372036854775807'
          option~version~xenarium 0.1.0 | option~version~xenarium 0.2.0 | 2: a campaign of xenarium 0.2.0, whose runs are not those of xenarium 0.1.0
          option~version~xenarium 0.1.0 | count~x~1   | the option version is missing
          option~shard~2/3     | option~shard~501/600 | 6: the option shard cannot be '501/600'
          option~properties~one,two | option~properties~one,three | 11: the option properties cannot be 'one,three'
          option~properties~one,two | option~properties~one,one   | 11: the option properties cannot be 'one,one'
          option~moves~60      | option~seed~60       | 5: expected a line of a campaign's state, found 'option~seed~60'
          option~format~2      | option~format~3      | 1: a state in format 3, expected format 2
          option~format~2      | option~version~xenarium 0.1.0 | 1: a state in format 1, expected format 2
          option~format~2      | count~x~1            | the option format is missing
          """)
  void a_line_that_is_wrong_is_told_with_its_place(String line, String instead, String problem) throws Exception {
    String text = Files.readString(file);
    assertThat(text).contains(line.replace('~', '\t') + "\n");
    Files.writeString(file, text.replace(line.replace('~', '\t') + "\n", instead.replace('~', '\t') + "\n"));
    assertThatThrownBy(() -> StateFile.read(file, OPTIONS.properties())).isInstanceOf(StateFile.FormatException.class)
        .hasMessageStartingWith(file + ":").hasMessageEndingWith(problem.replace('~', '\t'));
  }

  @Test
  void an_empty_file_misses_something_in_its_first_line() throws Exception {
    Files.writeString(file, "");
    assertThatThrownBy(() -> StateFile.read(file, OPTIONS.properties())).hasMessage(file + ":1: the option format is missing");
  }
}
