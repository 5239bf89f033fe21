package org.xenarium.scenarios.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Replay compares what it says it compares: whatever answer of a recording is changed, it notices at that very line and field. What it
 * learns instead of comparing it, it notices at the second appearance ({@link LearnedValuesTest}).
 */
class ChangedAnswersTest {
  @TempDir Path folder;

  /** A change in the recording that it is made to. */
  private record Place(EditableRecording recording, Change change) {
    @Override
    public String toString() {
      return change.kind() + " (" + recording.name() + ":" + change.line() + ")";
    }
  }

  @TestFactory
  Stream<DynamicTest> everyKindOfAnswerOfXenOnArm64IsCompared() {
    return firstOfEachKind(Library.ARM, ArmChanges::of).stream().map(this::isNoticed);
  }

  @TestFactory
  Stream<DynamicTest> everyKindOfAnswerAndHiddenStateOfXensCoreIsCompared() {
    return firstOfEachKind(Library.CORE, CoreChanges::of).stream().map(this::isNoticed);
  }

  private static List<Place> firstOfEachKind(Path library, Function<EditableRecording, List<Change>> changes) {
    Map<String, Place> first = new LinkedHashMap<>();
    for (Path file : Library.recordings(library)) {
      EditableRecording recording = new EditableRecording(file);
      for (Change change : changes.apply(recording)) {
        if (!change.isToBeLearned()) {
          first.putIfAbsent(change.kind(), new Place(recording, change));
        }
      }
    }
    return List.copyOf(first.values());
  }

  private DynamicTest isNoticed(Place place) {
    Change change = place.change();
    return DynamicTest.dynamicTest(
        place.toString(), () -> assertThat(noticed(place.recording(), change)).isEqualTo(change.line() + " " + change.field()));
  }

  /** Line and field of the difference. */
  private String noticed(EditableRecording recording, Change change) throws Exception {
    ReplayResult result = Replay.play(recording.write(change, folder), Listener.NONE);
    return result.difference().map(difference -> difference.line() + " " + difference.field()).orElse("nothing");
  }

  /** Not only of each kind the first: of the small recordings every single value. How the vCPU comes to an end is left out for brevity. */
  @TestFactory
  Stream<DynamicTest> everySingleAnswerOnArm64IsComparedExceptThoseLearned() {
    return Library.recordings(Library.ARM).stream().map(file -> DynamicTest.dynamicTest(Library.name(file), () -> checkAll(file)));
  }

  private void checkAll(Path file) throws Exception {
    EditableRecording recording = new EditableRecording(file);
    List<String> unnoticed = new ArrayList<>();
    for (Change change : ArmChanges.of(recording)) {
      boolean isValue = change.how().isEmpty() || change.how().equals("written") || change.how().startsWith("of another");
      if (isValue && !noticed(recording, change).equals(change.line() + " " + change.field())) {
        unnoticed.add(change.line() + " " + change.kind());
      }
    }
    assertThat(unnoticed).hasSize((int) Replay.play(file, Listener.NONE).learned());
  }

  @Test
  void noFieldOfTheLibraryIsForgotten() {
    assertThat(unchanged(Library.ARM, AnswersInRecording::arm, ArmChanges::of)).isEmpty();
    assertThat(unchanged(Library.CORE, AnswersInRecording::core, CoreChanges::of)).isEmpty();
  }

  /** Answers of which no change is made anywhere. */
  private static Set<String> unchanged(
      Path library, Function<EditableRecording, Set<String>> answers, Function<EditableRecording, List<Change>> changes) {
    Set<String> all = new TreeSet<>();
    Set<String> changed = new TreeSet<>();
    for (Path file : Library.recordings(library)) {
      EditableRecording recording = new EditableRecording(file);
      all.addAll(answers.apply(recording));
      changes.apply(recording).forEach(change -> changed.add(change.answer()));
    }
    assertThat(all).isNotEmpty();
    all.removeAll(changed);
    return all;
  }
}
