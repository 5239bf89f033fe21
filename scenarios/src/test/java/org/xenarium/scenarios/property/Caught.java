package org.xenarium.scenarios.property;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.lifecycle.PerProperty;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;
import org.xenarium.emulator.trace.Trace;
import org.xenarium.scenarios.play.Player;
import org.xenarium.scenarios.play.UnplayableScenarioException;
import org.xenarium.scenarios.script.Scenario;
import org.xenarium.scenarios.script.ScenarioException;
import org.xenarium.scenarios.script.ScenarioReader;

/** A property that must not hold: it is shown by at most six steps, which are saved as a scenario that can be played. */
public final class Caught implements PerProperty.Lifecycle {
  private static final int MOST_STEPS = 6;

  private Path file = Path.of("");

  @Override
  public void before(PropertyLifecycleContext context) {
    String name = context.containerClass().getSimpleName() + "." + context.targetMethod().getName();
    file = Path.of("target", "xenarium", name + ".yaml");
  }

  @Override
  public PropertyExecutionResult onFailure(PropertyExecutionResult result) {
    String message = result.throwable().map(Throwable::getMessage).orElse("");
    try {
      assertThat(message).contains(" it: ./xenarium run " + file).hasLineCount(message.contains("not watched for") ? 3 : 2);
      Scenario saved = ScenarioReader.read(file);
      assertThat(saved.steps()).hasSizeLessThanOrEqualTo(MOST_STEPS);
      assertThat(Player.play(saved, Trace.NONE).failure().isPresent()).as("it fails when it is played").isEqualTo(!saved.invariants().isEmpty());
    } catch (ScenarioException | UnplayableScenarioException e) {
      throw new AssertionError(message, e);
    }
    return result.mapToSuccessful();
  }

  /** The file. */
  public String saved() {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void onSuccess() {
    throw new AssertionError("it holds, and should not");
  }
}
