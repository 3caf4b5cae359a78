package dev.ashlar.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Criticality;
import dev.ashlar.core.Headers;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import dev.ashlar.core.Operation.Kind;
import dev.ashlar.core.TimeSource;
import dev.ashlar.tracing.Boundary.EgressPolicy;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** Which lines an operation writes, and with which ids. */
class EventLinesTest {

  private final CallContext.Receiver receiver =
      new CallContext.Receiver(
          CallContext.Trust.PEER,
          Criticality.CRITICAL,
          Duration.ofSeconds(5),
          IdSource.system(),
          TimeSource.system(),
          Observer.none());
  private final Tracing tracing =
      Tracing.of(
          OpenTelemetry.noop(), "test", receiver, Boundary.to(EgressPolicy.hosts("internal")));

  private boolean run(Kind kind) {
    return tracing.<Boolean, RuntimeException>around(
        Operation.of(kind, "target"), Headers.empty(), out -> true);
  }

  private static List<String> lines(LogCapture log) {
    return log.events().stream()
        .map(
            event ->
                event.getMessage()
                    + event.getKeyValuePairs().stream()
                        .filter(pair -> pair.key.equals("outcome"))
                        .map(pair -> " " + pair.value)
                        .reduce("", String::concat))
        .toList();
  }

  @Test
  void eachKindHasItsFirstAndItsLastLine() {
    try (LogCapture log = new LogCapture()) {
      run(Kind.SERVER);
      run(Kind.CONSUMER);
      run(Kind.CLIENT);
      run(Kind.PRODUCER);
      run(Kind.INTERNAL);

      assertThat(lines(log))
          .containsExactly(
              "request.start",
              "request.end ok",
              "message.received",
              "request.end ok",
              "call.start",
              "call.end ok",
              "message.sent",
              "request.start",
              "request.end ok");
    }
  }

  @Test
  void workInsideARequestIsNoRequestOfItsOwn() {
    try (LogCapture log = new LogCapture()) {
      tracing.<Boolean, RuntimeException>around(
          Operation.of(Kind.INTERNAL, "job"), Headers.empty(), out -> run(Kind.INTERNAL));

      assertThat(lines(log)).containsExactly("request.start", "request.end ok");
    }
  }

  @Test
  void aFailureIsSaidAndPassedOnAndOnlyTheRequestShowsItsTrace() {
    Operation job = Operation.of(Kind.INTERNAL, "job");
    Operation send = Operation.of(Kind.PRODUCER, "queue");
    try (LogCapture log = new LogCapture()) {
      assertThatThrownBy(
              () ->
                  tracing.<Boolean, IOException>around(
                      job,
                      Headers.empty(),
                      out ->
                          tracing.<Boolean, IOException>around(
                              send,
                              Headers.empty(),
                              headers -> {
                                throw new IOException("on purpose");
                              })))
          .isInstanceOf(IOException.class);

      assertThat(lines(log))
          .containsExactly(
              "request.start", "message.sent", "message.sent error", "request.end error");
      assertThat(log.events())
          .extracting(event -> event.getThrowableProxy() != null)
          .containsExactly(false, false, false, true);
    }
  }

  @Test
  void aResultThatSaysHowTheWorkEndedIsBelieved() {
    try (LogCapture log = new LogCapture()) {
      runEndingAs(Kind.CONSUMER, Optional.of("retry"));
      runEndingAs(Kind.CONSUMER, Optional.empty());
      runEndingAs(Kind.PRODUCER, Optional.of("refused"));
      runEndingAs(Kind.PRODUCER, Optional.empty());

      assertThat(lines(log))
          .containsExactly(
              "message.received",
              "request.end retry",
              "message.received",
              "request.end ok",
              "message.sent",
              "message.sent refused",
              "message.sent");
      assertThat(log.events())
          .extracting(event -> event.getLevel().toString())
          .containsExactly("INFO", "WARN", "INFO", "INFO", "INFO", "WARN", "INFO");
    }
  }

  private void runEndingAs(Kind kind, Optional<String> failure) {
    tracing.<Operation.Ending, RuntimeException>around(
        Operation.of(kind, "target"), Headers.empty(), out -> () -> failure);
  }

  @Test
  void theLastLineHasItsIdsAlsoWhereTheBodyRemovedThem() {
    try (LogCapture log = new LogCapture()) {
      tracing.<Boolean, RuntimeException>around(
          Operation.of(Kind.SERVER, "GET /"),
          Headers.empty(),
          out -> {
            MDC.clear();
            return true;
          });

      List<ILoggingEvent> events = log.events();
      assertThat(events.get(1).getMDCPropertyMap())
          .containsAllEntriesOf(events.get(0).getMDCPropertyMap())
          .containsKeys(LogFields.CORRELATION_ID, LogFields.REQUEST_ID);
    }
  }

  @Test
  void aContextWithoutAnOperationIsInTheLogToo() throws Exception {
    CallContext context = receiver.receive(Headers.empty());

    String seen = tracing.call(context, () -> MDC.get(LogFields.CORRELATION_ID));
    tracing.run(
        context,
        () -> assertThat(MDC.get(LogFields.REQUEST_ID)).isEqualTo(context.request().value()));

    assertThat(seen).isEqualTo(context.correlation().value());
    assertThat(MDC.get(LogFields.CORRELATION_ID)).isNull();
  }

  @Test
  void whatIsStoredCarriesIdsAndNothingWithoutAContext() {
    CallContext context = receiver.receive(Headers.empty());
    Headers before = Headers.of("Other", "kept");

    assertThat(tracing.storedInto(before)).isEqualTo(before);
    context.run(() -> assertThat(tracing.storedInto(before)).isEqualTo(context.storedInto(before)));
  }
}
