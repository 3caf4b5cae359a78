package dev.ashlar.tracing.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.context.ContextStorage;

/** OpenTelemetry's own check for scopes that were never closed. */
final class Scopes {

  private Scopes() {}

  /** Fails if any thread has opened a scope since the last call and not closed it. */
  static void assertAllClosed() throws Exception {
    ContextStorage storage = ContextStorage.get();
    assertThat(storage)
        .as("strict context checking is on: -Dio.opentelemetry.context.enableStrictContext=true")
        .isInstanceOf(AutoCloseable.class);
    ((AutoCloseable) storage).close();
  }
}
