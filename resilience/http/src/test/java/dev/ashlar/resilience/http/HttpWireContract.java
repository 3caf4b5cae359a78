package dev.ashlar.resilience.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.CorrelationId;
import dev.ashlar.core.Criticality;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.RequestId;
import dev.ashlar.core.RetryRight;
import dev.ashlar.core.testkit.Contract;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Proves;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What stands on the wire, and what a client makes of it. */
abstract class HttpWireContract extends Contract {

  /** The same file that core's own contract compares with, and messages are stored with. */
  private static final Path GOLDEN =
      Path.of("../../core/testkit/src/test/resources/dev/ashlar/core/testkit/context/sent.golden");

  /** Asks a service, as the client under test does. */
  abstract String ask(RawService service, CallContext context) throws InterruptedException;

  @Override
  protected Set<String> guarantees() {
    return Set.of();
  }

  @Test
  @Proves("CALL-20")
  void theContextStandsInARequestAsItStandsInAMessage() throws Exception {
    ManualTime time = ManualTime.create();
    CallContext golden =
        new CallContext(
            new CorrelationId("01J9Z3K4M5N6P7Q8R9S0T1V2W3"),
            new RequestId("01J9Z3K4M5N6P7Q8R9S0T1V2W4"),
            Optional.empty(),
            Deadline.after(Duration.ofNanos(1_500_999_999), time),
            Criticality.SHEDDABLE_PLUS,
            77,
            2,
            RetryRight.OWNED_ABOVE,
            "web-1.eu");
    try (RawService service = new RawService(answer("200 OK", ""))) {
      String unused = ask(service, golden);

      List<String> lines =
          service.heads().get(0).lines().map(HttpWireContract::withLowerName).toList();
      assertThat(lines).containsAll(Files.readAllLines(GOLDEN));
    }
  }

  /** HTTP's header names have no case. */
  private static String withLowerName(String line) {
    int colon = line.indexOf(':');
    return colon < 0
        ? line
        : line.substring(0, colon).toLowerCase(Locale.ROOT) + line.substring(colon);
  }

  @Test
  @Proves("CALL-20")
  void theGoldenBytesAreReadFromARequest() throws Exception {
    List<CallContext> received = new CopyOnWriteArrayList<>();
    HttpServiceOptions options =
        HttpServiceOptions.of(Calls.receiver(CallContext.Trust.PEER, Observer.none()));
    HttpRoutes routes =
        HttpRoutes.none()
            .with(
                Calls.ASK,
                (question, context) -> {
                  received.add(context);
                  return question;
                });
    try (HttpService service = HttpService.start(routes, options)) {
      String head =
          "POST /ask HTTP/1.1\nHost: a\nConnection: close\nContent-Length: 2\n"
              + "Content-Type: text/plain; charset=utf-8\n"
              + Files.readString(GOLDEN);
      assertThat(RawClient.exchange(service.address(), head, "hi")).startsWith("HTTP/1.1 200");
    }

    assertThat(received).hasSize(1);
    CallContext context = received.get(0);
    assertThat(context.correlation().value()).isEqualTo("01J9Z3K4M5N6P7Q8R9S0T1V2W3");
    assertThat(context.causedBy()).contains(new RequestId("01J9Z3K4M5N6P7Q8R9S0T1V2W4"));
    assertThat(context.criticality()).isEqualTo(Criticality.SHEDDABLE_PLUS);
    assertThat(context.cohort()).isEqualTo(77);
    assertThat(context.attempt()).isEqualTo(2);
    assertThat(context.retryRight()).isEqualTo(RetryRight.OWNED_ABOVE);
    assertThat(context.client()).isEqualTo("web-1.eu");
    assertThat(context.deadline().remaining()).isLessThanOrEqualTo(Duration.ofMillis(1500));
  }

  @Test
  @Proves("CALL-4")
  void aRetryAfterThatIsNoNumberOfSecondsMeansNever() throws Exception {
    Advice never = new Advice.Permanent();
    assertThat(advice("Retry-After: 7\n")).isEqualTo(new Advice.Overloaded(Duration.ofSeconds(7)));
    assertThat(advice("Retry-After: 0\n")).isEqualTo(new Advice.Overloaded(Duration.ZERO));
    assertThat(advice("")).isEqualTo(new Advice.Overloaded(Duration.ZERO));
    assertThat(advice("Retry-After: -1\n")).isEqualTo(never);
    assertThat(advice("Retry-After: soon\n")).isEqualTo(never);
    assertThat(advice("Retry-After: 99999999999999999999\n")).isEqualTo(never);
    assertThat(advice("Retry-After: Wed, 21 Oct 2026 07:28:00 GMT\n")).isEqualTo(never);
    assertThat(advice("Retry-After: 1\nRetry-After: 2\n")).isEqualTo(never);
  }

  private Advice advice(String headers) throws Exception {
    return failure("503 Service Unavailable", headers).advice();
  }

  @Test
  @Proves("CALL-6")
  void anEffectIsNoneOnlyWhereItIsProven() throws Exception {
    for (String status : List.of("400 x", "404 x", "429 x", "500 x", "502 x", "503 x", "504 x")) {
      assertThat(failure(status, "").effect()).as(status).isEqualTo(Effect.UNKNOWN);
      assertThat(failure(status, "ashlar-effect: none\n").effect()).isEqualTo(Effect.NONE);
    }
    assertThat(failure("503 x", "ashlar-effect: perhaps\n").effect()).isEqualTo(Effect.UNKNOWN);
  }

  @Test
  @Proves("CALL-7")
  void adviceThatCameFromFurtherBelowGoesUp() throws Exception {
    assertThat(failure("502 x", "").advice()).isEqualTo(new Advice.Transient());
    assertThat(failure("502 x", "ashlar-advice: permanent\n").advice())
        .isEqualTo(new Advice.Permanent());
    assertThat(failure("500 x", "ashlar-advice: transient\n").advice())
        .isEqualTo(new Advice.Transient());
    assertThat(failure("404 x", "").advice()).isEqualTo(new Advice.Permanent());
  }

  private BackendException failure(String status, String headers) throws Exception {
    try (RawService service = new RawService(answer(status, headers))) {
      String unexpected = ask(service, Calls.context());
      throw new AssertionError(unexpected + " for " + status + " (expected: a failure)");
    } catch (BackendException e) {
      return e;
    }
  }

  static String answer(String status, String headers) {
    return "HTTP/1.1 "
        + status
        + "\nContent-Type: text/plain; charset=utf-8\nContent-Length: 2\nConnection: close\n"
        + headers
        + "\nok";
  }
}
