package dev.ashlar.tracing;

import dev.ashlar.core.CallContext;
import io.opentelemetry.api.trace.SpanContext;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The names under which the ids of a request stand in SLF4J's MDC and in log lines.
 *
 * <p>Correlation, request and causation id are Ashlar's own; the names of the trace's are those
 * that OpenTelemetry's specification gives for logs in other formats than its own.
 *
 * @see <a
 *     href="https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/">Trace
 *     context in non-OTLP log formats</a>
 */
public final class LogFields {

  /** Everything done for one client request. */
  public static final String CORRELATION_ID = "correlation_id";

  /** This handling of one request or message. */
  public static final String REQUEST_ID = "request_id";

  /** The handling that caused this one; absent where nothing did. */
  public static final String CAUSATION_ID = "causation_id";

  /** The timed tree of work; absent where no tracer made one and none came in. */
  public static final String TRACE_ID = "trace_id";

  /** The place in that tree. */
  public static final String SPAN_ID = "span_id";

  /** Two hexadecimal digits; the lowest bit says whether the trace is sampled. */
  public static final String TRACE_FLAGS = "trace_flags";

  private LogFields() {}

  static Map<String, String> of(CallContext context, SpanContext span) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put(CORRELATION_ID, context.correlation().value());
    fields.put(REQUEST_ID, context.request().value());
    context.causedBy().ifPresent(cause -> fields.put(CAUSATION_ID, cause.value()));
    if (span.isValid()) {
      fields.put(TRACE_ID, span.getTraceId());
      fields.put(SPAN_ID, span.getSpanId());
      fields.put(TRACE_FLAGS, span.getTraceFlags().asHex());
    }
    return fields;
  }

  /** Returns what the MDC of this thread holds; an MDC that was never used has no map. */
  static Map<String, String> inMdc() {
    @Nullable Map<String, String> map = MDC.getCopyOfContextMap();
    return map == null ? Map.of() : map;
  }

  /** Makes the MDC of this thread hold this and nothing else. */
  static void setMdc(Map<String, String> fields) {
    if (fields.isEmpty()) {
      MDC.clear();
    } else {
      MDC.setContextMap(fields);
    }
  }

  /** Puts the ids in, and takes those out that an outer scope had and this one has not. */
  static void putInMdc(Map<String, String> ids) {
    for (String name :
        new String[] {CORRELATION_ID, REQUEST_ID, CAUSATION_ID, TRACE_ID, SPAN_ID, TRACE_FLAGS}) {
      @Nullable String value = ids.get(name);
      if (value == null) {
        MDC.remove(name);
      } else {
        MDC.put(name, value);
      }
    }
  }
}
