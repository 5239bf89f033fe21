package org.xenarium.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import net.jqwik.api.lifecycle.PerProperty;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;
import org.xenarium.scenarios.property.Caught;

/** A property that must not hold, and fails as the tutorial tells. */
public final class Told implements PerProperty.Lifecycle {
  private final Caught caught = new Caught();

  @Override
  public void before(PropertyLifecycleContext context) {
    caught.before(context);
  }

  @Override
  public PropertyExecutionResult onFailure(PropertyExecutionResult result) {
    String message = result.throwable().map(Throwable::getMessage).orElse("");
    assertThat(tutorial()).contains("```\n" + message + "\n```", "```yaml\n" + caught.saved() + "```");
    return caught.onFailure(result);
  }

  @Override
  public void onSuccess() {
    caught.onSuccess();
  }

  private static String tutorial() {
    try {
      return Files.readString(Documentation.folder().resolve("tutorial-properties.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
