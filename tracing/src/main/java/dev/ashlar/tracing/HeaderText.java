package dev.ashlar.tracing;

import dev.ashlar.core.Headers;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/*
 * How repeated headers are read decides whether W3C Trace Context is kept: a getter that answers
 * with the first value only fails three tests of the W3C's suite at level 1, one that joins none.
 *
 *   traceparent   has one value; two are two claims, and neither counts (section 3.2)
 *   tracestate    is a list, which may be spread over several headers, in order (section 3.3)
 *   baggage       is a list as well
 */

/** Lets OpenTelemetry's propagators read headers. */
enum HeaderText implements TextMapGetter<Headers> {
  GETTER;

  static final String TRACE_PARENT = "traceparent";
  static final String TRACE_STATE = "tracestate";
  static final String BAGGAGE = "baggage";

  /** Deprecated in newer releases of OpenTelemetry, and required by older ones. */
  @Override
  @SuppressWarnings("deprecation")
  public Iterable<String> keys(Headers headers) {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    headers.forEach((name, value) -> names.add(name));
    return names;
  }

  @Override
  public @Nullable String get(@Nullable Headers headers, String name) {
    List<String> values = headers == null ? List.of() : headers.all(name);
    boolean single = name.equalsIgnoreCase(TRACE_PARENT);
    return values.isEmpty() || (single && values.size() > 1) ? null : String.join(",", values);
  }
}
