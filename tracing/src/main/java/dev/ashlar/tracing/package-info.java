/**
 * The ids of a request in every log line and header, its spans through OpenTelemetry, and log lines
 * as JSON.
 *
 * <p>Everything is closures: what a scope sets is taken back exactly when it ends. Nothing here is
 * static state.
 */
@NullMarked
package dev.ashlar.tracing;

import org.jspecify.annotations.NullMarked;
