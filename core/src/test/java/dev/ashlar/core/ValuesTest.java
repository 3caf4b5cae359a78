package dev.ashlar.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ValuesTest {

  private final SetTime time = new SetTime(0);
  private final CallContext context =
      CallContext.root(
          IdSource.of(time, new SplittableRandom(1)),
          Deadline.after(Duration.ofSeconds(2), time),
          "web");

  @Test
  void whateverIsLessCriticalIsTheLowerOfTwo() {
    assertThat(Criticality.CRITICAL_PLUS.atMost(Criticality.CRITICAL))
        .isEqualTo(Criticality.CRITICAL);
    assertThat(Criticality.SHEDDABLE.atMost(Criticality.CRITICAL)).isEqualTo(Criticality.SHEDDABLE);
    assertThat(Criticality.CRITICAL.atMost(Criticality.CRITICAL)).isEqualTo(Criticality.CRITICAL);
  }

  @Test
  void tokensStartAtOneAndCompareByNumber() {
    assertThat(new FencingToken(2)).isGreaterThan(new FencingToken(1));
    assertThatThrownBy(() -> new FencingToken(0)).hasMessage("value: 0 (expected: >= 1)");
  }

  @Test
  void aFailureKeepsItsEffectAndAdviceApart() {
    IllegalStateException cause = new IllegalStateException();
    BackendException failure =
        new BackendException("send to orders", Effect.NONE, new Advice.Permanent(), cause);

    assertThat(failure.effect()).isEqualTo(Effect.NONE);
    assertThat(failure.advice()).isEqualTo(new Advice.Permanent());
    assertThat(failure).hasCause(cause).hasMessage("send to orders");
    assertThatThrownBy(() -> new Advice.Overloaded(Duration.ofNanos(-1)))
        .hasMessage("retryAfter: PT-0.000000001S (expected: >= 0)");
  }

  @Test
  void aFailureSurvivesJavaSerialization() throws IOException, ClassNotFoundException {
    BackendException failure =
        new BackendException(
            "send", Effect.UNKNOWN, new Advice.Overloaded(Duration.ofSeconds(1)), null);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(failure);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      BackendException read = (BackendException) in.readObject();

      assertThat(read.effect()).isEqualTo(Effect.UNKNOWN);
      assertThat(read.advice()).isEqualTo(new Advice.Overloaded(Duration.ofSeconds(1)));
    }
  }

  @Test
  void aRootHasItsOwnIdsAndOwnsNothing() {
    assertThat(context.causedBy()).isEmpty();
    assertThat(context.correlation().value()).isNotEqualTo(context.request().value());
    assertThat(context.criticality()).isEqualTo(Criticality.CRITICAL);
    assertThat(context.attempt()).isEqualTo(1);
    assertThat(context.retryRight()).isEqualTo(RetryRight.FREE);
    assertThat(context.cohort()).isBetween(0, CallContext.COHORT_MAX);
  }

  @Test
  void aChangedCopyDiffersInThatOnly() {
    assertThat(context.forAttempt(2).attempt()).isEqualTo(2);
    assertThat(context.forAttempt(2).forAttempt(1)).isEqualTo(context);
    assertThat(context.withCohort(3).cohort()).isEqualTo(3);
    assertThat(context.withRetryRight(RetryRight.NONE).retryRight()).isEqualTo(RetryRight.NONE);
    assertThat(context.withCriticalityAtMost(Criticality.SHEDDABLE).criticality())
        .isEqualTo(Criticality.SHEDDABLE);
    assertThat(context.withCriticalityAtMost(Criticality.CRITICAL_PLUS)).isEqualTo(context);
  }

  @Test
  void whatIsOutOfBoundsIsNamedWithItsBound() {
    assertThatThrownBy(() -> context.forAttempt(0))
        .hasMessage("attempt: 0 (expected: 1 to 1000000)");
    assertThatThrownBy(() -> context.forAttempt(CallContext.ATTEMPT_MAX + 1))
        .hasMessageStartingWith("attempt: 1000001");
    assertThatThrownBy(() -> context.withCohort(128))
        .hasMessage("cohort: 128 (expected: 0 to 127)");
    assertThatThrownBy(() -> context.withCohort(-1)).hasMessageStartingWith("cohort: -1");
    assertThatThrownBy(
            () ->
                CallContext.root(
                    IdSource.of(time, new SplittableRandom(1)), context.deadline(), "a client"))
        .hasMessage("client: 8 characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
  }

  @Test
  void aReceiverThatGrantsMoreThanAYearIsRefused() {
    assertThatThrownBy(
            () ->
                new CallContext.Receiver(
                    CallContext.Trust.PEER,
                    Criticality.CRITICAL,
                    Deadline.LONGEST.plusMillis(1),
                    IdSource.of(time, new SplittableRandom(1)),
                    time,
                    Observer.none()))
        .hasMessage("longest: PT8760H0.001S (expected: 0 to PT8760H)");
  }

  @Test
  void anOperationDoesNotSeeLaterChangesOfItsAttributes() {
    Map<String, String> attributes = new HashMap<>();
    Operation operation =
        new Operation(
            Operation.Kind.CONSUMER,
            "orders",
            Optional.of(Headers.empty()),
            Operation.Link.REFERENCE,
            attributes);

    attributes.put("a", "b");

    assertThat(operation.attributes()).isEmpty();
    assertThat(Operation.of(Operation.Kind.CLIENT, "orders").in()).isEmpty();
  }

  @Test
  void theObserverThatDoesNothingRunsTheBodyWithTheHeadersGiven() {
    Headers out = Headers.of("a", "1");
    Observer none = Observer.none();

    none.count("event", 1);
    none.step("step");

    assertThat(
            none.<Headers, RuntimeException>around(
                Operation.of(Operation.Kind.CLIENT, "orders"), out, headers -> headers))
        .isSameAs(out);
  }
}
