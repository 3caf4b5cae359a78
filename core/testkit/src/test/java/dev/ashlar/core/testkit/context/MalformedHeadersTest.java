package dev.ashlar.core.testkit.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.CorrelationId;
import dev.ashlar.core.Criticality;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Headers;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.RequestId;
import dev.ashlar.core.RetryRight;
import dev.ashlar.core.testkit.CountingObserver;
import dev.ashlar.core.testkit.ManualTime;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What is put in the place of what is malformed, and that it is counted. */
class MalformedHeadersTest {

  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final ManualTime time = ManualTime.create();
  private final CountingObserver observer = new CountingObserver();
  private final CallContext.Receiver peer =
      new CallContext.Receiver(
          CallContext.Trust.PEER,
          Criticality.CRITICAL_PLUS,
          LONGEST,
          IdSource.of(time, new SplittableRandom(1)),
          time,
          observer);

  @Test
  void whatIsMissingIsReplacedAndNotCounted() {
    CallContext received = peer.receive(Headers.empty());

    assertThat(received.deadline().remaining()).isEqualTo(LONGEST);
    assertThat(received.criticality()).isEqualTo(Criticality.CRITICAL);
    assertThat(received.retryRight()).isEqualTo(RetryRight.FREE);
    assertThat(received.attempt()).isEqualTo(1);
    assertThat(received.client()).isEqualTo("unknown");
    assertThat(observer.count("context.malformed")).isZero();
  }

  @Test
  void oneBadFieldCostsThatFieldOnly() {
    CallContext received = receive("v=1;req=a;crit=urgent;cohort=5;client=web;ttl=-1;try=0");

    assertThat(received.criticality()).isEqualTo(Criticality.CRITICAL);
    assertThat(received.deadline().remaining()).isEqualTo(LONGEST);
    assertThat(received.attempt()).isEqualTo(1);
    assertThat(received.cohort()).isEqualTo(5);
    assertThat(received.client()).isEqualTo("web");
    assertThat(observer.count("context.malformed")).isEqualTo(3);
  }

  @Test
  void aKeyThatStandsTwiceOrAnotherVersionCostsTheWholeHeader() {
    for (String text :
        new String[] {"v=1;cohort=5;cohort=5", "v=2;cohort=5", "cohort=5", "v=1;cohort", ""}) {
      assertThat(receive(text).client()).isEqualTo("unknown");
    }
    assertThat(observer.count("context.malformed")).isEqualTo(5);
  }

  @Test
  void aHeaderThatStandsTwiceIsAsGoodAsNone() {
    Headers once =
        Headers.of(CallContext.CONTEXT_HEADER, "v=1;client=web")
            .plus(CallContext.CORRELATION_HEADER, "a");

    assertThat(peer.receive(once).client()).isEqualTo("web");
    assertThat(peer.receive(once.plus("Ashlar-Context", "v=1;client=web")).client())
        .isEqualTo("unknown");
    assertThat(peer.receive(once.plus("Correlation-Id", "a")).correlation().value())
        .isNotEqualTo("a");
    assertThat(observer.count("context.malformed")).isEqualTo(2);
  }

  @Test
  void aHeaderAtTheLimitIsReadAndOneOverIsNot() {
    String fields = "v=1;client=web;new=";
    String most = fields + "x".repeat(CallContext.HEADER_MAX - fields.length());

    assertThat(receive(most).client()).isEqualTo("web");
    assertThat(receive(most + "x").client()).isEqualTo("unknown");
    assertThat(observer.count("context.malformed")).isEqualTo(1);
  }

  @Test
  void theLongestContextThatCanBeWrittenFitsTheLimit() {
    CallContext longest =
        new CallContext(
            new CorrelationId("c".repeat(64)),
            new RequestId("r".repeat(64)),
            Optional.empty(),
            Deadline.after(Deadline.LONGEST, time),
            Criticality.SHEDDABLE_PLUS,
            CallContext.COHORT_MAX,
            CallContext.ATTEMPT_MAX,
            RetryRight.OWNED_ABOVE,
            "n".repeat(64));

    assertThat(longest.into(Headers.empty()).first(CallContext.CONTEXT_HEADER).orElseThrow())
        .hasSizeLessThanOrEqualTo(CallContext.HEADER_MAX);
  }

  @Test
  void aMessageThatCarriesADeadlineAllTheSameIsDeliveredWithTheConsumers() {
    Deadline own = Deadline.after(Duration.ofSeconds(3), time);

    CallContext delivered =
        peer.deliver(
            Headers.of(CallContext.CONTEXT_HEADER, "v=1;client=web;ttl=0;try=9;right=none"),
            2,
            own);

    assertThat(delivered.deadline()).isSameAs(own);
    assertThat(delivered.attempt()).isEqualTo(2);
    assertThat(delivered.retryRight()).isEqualTo(RetryRight.FREE);
    assertThat(delivered.client()).isEqualTo("web");
  }

  private CallContext receive(String context) {
    return peer.receive(Headers.of(CallContext.CONTEXT_HEADER, context));
  }
}
